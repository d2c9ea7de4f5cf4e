using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client;

/// <summary>What an image costs, in credits.</summary>
/// <param name="Model">The model that makes it.</param>
/// <param name="Least">At least, 0 or more.</param>
/// <param name="Most">At most, more than 0.</param>
public sealed record CreditPrice(string Model, decimal Least, decimal Most)
{
    /// <summary>
    /// The price of a model; null if the list has none, or none that can be a price: the most is missing, not above zero, or less than the least.
    /// </summary>
    /// <param name="list">The service's models. Of several entries for one model, the dearest counts.</param>
    /// <param name="model">The model's id.</param>
    public static CreditPrice? Of(IEnumerable<BananaModel> list, string model)
    {
        BananaModel? dearest = list.Where(one => one.Model == model).OrderByDescending(one => one.CostMax).FirstOrDefault();
        decimal least = dearest?.CostMin ?? 0;
        return dearest?.CostMax is { } most and > 0 && least <= most ? new CreditPrice(model, least, most) : null;
    }
}
