using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>The total of the images that a call would submit without -WhatIf.</summary>
internal sealed class WhatIfTotal
{
    private readonly List<SubmitRequest> _images = [];

    /// <summary>The images, in the order in which they were added.</summary>
    public IReadOnlyList<SubmitRequest> Images => _images;

    /// <summary>Adds an image that is not submitted.</summary>
    /// <param name="image">A checked request.</param>
    public void Add(SubmitRequest image) => _images.Add(image);

    /// <summary>
    /// Returns the number of images and, if the price of every model is known, their cost in credits. Remarks about images that may not be submitted follow.
    /// </summary>
    /// <param name="models">The models of the service with their prices, or an empty list if they are not available.</param>
    /// <param name="leftOut">The number of images that may exceed the limit.</param>
    /// <param name="limit">The limit, in credits.</param>
    public string Text(IReadOnlyList<BananaModel> models, int leftOut, int limit)
    {
        var prices = _images.Select(image => CreditPrice.Of(models, image.Model!)).ToList();
        string credits = prices.TrueForAll(one => one is not null) ? $", {prices.Sum(one => one!.Least):0.##} to {prices.Sum(one => one!.Most):0.##} credits" : string.Empty;
        string rest = leftOut == 0 ? string.Empty
            : $" -MaximumCredit {limit} may not cover {Number(leftOut, "more image")}. {(leftOut == 1 ? "It is" : "They are")} submitted only if the other images cost less than the highest prices of their models.";
        string unknown = string.Concat(_images.Select(image => image.Model!).Distinct()
            .Where(model => models.Count > 0 && models.All(listed => listed.Model != model))
            .Select(model => $" The service does not list the model '{model}' and may reject the request."));
        return $"Total: {Number(_images.Count, "image")}{credits}.{rest}{unknown}";
    }

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
