using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Finds the image URLs in a job's <c>result</c>, which has no type in the API's OpenAPI description.</summary>
internal static class ResultReader
{
    private static readonly string[] Names = ["images", "imageUrl", "image", "url", "gridUrl"];

    /// <summary>
    /// A string is one URL; an array holds URLs or objects with a <c>url</c>; an object has <c>images</c>, else <c>imageUrl</c>,
    /// <c>image</c>, <c>url</c>, else <c>gridUrl</c>. Only absolute http and https URLs count.
    /// </summary>
    public static IReadOnlyList<Uri> ImageUrls(JsonElement? result) =>
        result is { } json ? Candidates(json).Select(WebUrl.Parse).OfType<Uri>().Distinct().ToList() : [];

    private static IEnumerable<string?> Candidates(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Urls(json);
        }

        return Names
            .Select(name => json.Property(name) is { } value ? Urls(value).ToList() : [])
            .FirstOrDefault(urls => urls.Any(url => WebUrl.Parse(url) is not null)) ?? [];
    }

    private static IEnumerable<string?> Urls(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.Texts(),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Urls),
        JsonValueKind.Object => [json.Text("url")],
        _ => [],
    };
}
