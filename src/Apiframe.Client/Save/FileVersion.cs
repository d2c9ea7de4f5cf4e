using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Apiframe.Client.Save;

/// <summary>Which file a host sends, as far as its answer says: bytes of two versions must not end up in one image.</summary>
/// <param name="Tag">The entity tag; a weak one promises the same picture, not the same bytes.</param>
/// <param name="Modified">When the file was changed last.</param>
/// <param name="Length">The length of the whole file in bytes, of which an answer may carry a part.</param>
internal sealed record FileVersion(EntityTagHeaderValue? Tag, DateTimeOffset? Modified, long? Length)
{
    /// <summary>What to send as <c>If-Range</c> to get the rest of the same bytes; null if nothing tells that they are the same.</summary>
    public string? Validator => Tag is { IsWeak: false } ? Tag.Tag : Modified?.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What an answer says.</summary>
    public static FileVersion Of(HttpResponseMessage response)
    {
        HttpContentHeaders content = response.Content.Headers;
        return new FileVersion(response.Headers.ETag, content.LastModified, content.ContentRange is { } range ? range.Length : content.ContentLength);
    }

    /// <summary>Whether a part that came later is of the same file.</summary>
    /// <remarks>A part must repeat the tag (RFC 9110, section 15.3.7), so one without it proves nothing; it may leave out the rest.</remarks>
    public bool IsContinuedBy(FileVersion part) =>
        Equals(Tag, part.Tag) && (part.Modified ?? Modified) == Modified && (part.Length ?? Length) == (Length ?? part.Length);
}
