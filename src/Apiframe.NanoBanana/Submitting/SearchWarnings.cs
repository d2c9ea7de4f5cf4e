using System;
using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Warns once for each model that may ignore a search. The service documents search for two models, and does not report when another ignores it.</summary>
internal sealed class SearchWarnings
{
    private static readonly string[] Documented = ["nano-banana", "nano-banana-2"];

    private readonly HashSet<string> _models = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the warning before an image, or null if there is none or it was returned before.</summary>
    /// <param name="image">A checked request.</param>
    public string? Before(SubmitRequest image) =>
        (image.GoogleSearch || image.ImageSearch) && Array.IndexOf(Documented, image.Model) < 0 && _models.Add(image.Model!)
            ? $"Apiframe documents search grounding only for {string.Join(" and ", Documented)}. {image.Model} may ignore the search, but its images are billed anyway."
            : null;
}
