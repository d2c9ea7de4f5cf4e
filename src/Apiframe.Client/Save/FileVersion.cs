using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Apiframe.Client.Save;

/// <summary>The version of a file, as the response of its host describes it. Bytes of two versions must not be combined in one image.</summary>
/// <param name="Tag">The entity tag. A weak tag does not guarantee the same bytes.</param>
/// <param name="Modified">The time of the last change.</param>
/// <param name="Length">The length of the complete file in bytes. A response can contain a part of it.</param>
internal sealed record FileVersion(EntityTagHeaderValue? Tag, DateTimeOffset? Modified, long? Length)
{
    /// <summary>The value for <c>If-Range</c> that requests the rest of the same bytes, or null if the version cannot be identified.</summary>
    public string? Validator => Tag is { IsWeak: false } ? Tag.Tag : Modified?.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Returns the version in a response.</summary>
    public static FileVersion Of(HttpResponseMessage response)
    {
        HttpContentHeaders content = response.Content.Headers;
        return new FileVersion(response.Headers.ETag, content.LastModified, content.ContentRange is { } range ? range.Length : content.ContentLength);
    }

    /// <summary>Whether a later part belongs to the same file.</summary>
    /// <remarks>A part must repeat the tag (RFC 9110, section 15.3.7), so a part without it is not sufficient. The other values can be omitted.</remarks>
    public bool IsContinuedBy(FileVersion part) =>
        Equals(Tag, part.Tag) && (part.Modified ?? Modified) == Modified && (part.Length ?? Length) == (Length ?? part.Length);
}
