using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Reads the image URLs from the <c>result</c> of a job, which has no type in the API's OpenAPI description.</summary>
internal static class ResultReader
{
    private static readonly string[] Names = ["images", "imageUrl", "image", "url", "gridUrl"];

    /// <summary>
    /// Returns the image URLs. A string is one URL. An array contains URLs or objects with a <c>url</c>. An object has <c>images</c>, or else <c>imageUrl</c>,
    /// <c>image</c>, or <c>url</c>, or else <c>gridUrl</c>. Only absolute HTTP and HTTPS URLs count.
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
