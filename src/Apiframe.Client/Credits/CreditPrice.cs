using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client;

/// <summary>The price range of an image, in credits.</summary>
/// <param name="Model">The model.</param>
/// <param name="Least">The lowest price, 0 or more.</param>
/// <param name="Most">The highest price, more than 0.</param>
public sealed record CreditPrice(string Model, decimal Least, decimal Most)
{
    /// <summary>
    /// Returns the price of a model. Null if the list has no price, or one that is not valid: without a highest price, or with one that is not above zero or
    /// below the lowest.
    /// </summary>
    /// <param name="list">The models of the service. If the list contains a model more than once, the highest price counts.</param>
    /// <param name="model">The ID of the model.</param>
    public static CreditPrice? Of(IEnumerable<BananaModel> list, string model)
    {
        BananaModel? dearest = list.Where(one => one.Model == model).OrderByDescending(one => one.CostMax).FirstOrDefault();
        decimal least = dearest?.CostMin ?? 0;
        return dearest?.CostMax is { } most and > 0 && least <= most ? new CreditPrice(model, least, most) : null;
    }
}
