using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Adds up what a call would submit without -WhatIf.</summary>
internal sealed class WhatIfTotal
{
    private readonly List<SubmitRequest> _images = [];

    /// <summary>The images, in the order in which they were added.</summary>
    public IReadOnlyList<SubmitRequest> Images => _images;

    /// <summary>Adds an image that is not submitted.</summary>
    /// <param name="image">A checked request.</param>
    public void Add(SubmitRequest image) => _images.Add(image);

    /// <summary>How many images there are and, if the price of every model is known, how many credits they cost.</summary>
    /// <param name="price">The price of a model; null if it is not known.</param>
    public string Text(Func<string, CreditPrice?> price)
    {
        var prices = _images.Select(image => price(image.Model!)).ToList();
        string credits = prices.TrueForAll(one => one is not null) ? $", {prices.Sum(one => one!.Least):0.##} to {prices.Sum(one => one!.Most):0.##} credits" : string.Empty;
        return $"In all: {(_images.Count == 1 ? "1 image" : $"{_images.Count} images")}{credits}.";
    }
}
