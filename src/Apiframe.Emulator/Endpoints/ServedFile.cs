using System;
using System.Globalization;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator.Endpoints;

/// <summary>A file as a download host serves it: with ranges and validators.</summary>
internal sealed class ServedFile
{
    private readonly string _mediaType;
    private readonly string _tag;
    private readonly string _modified;
    private readonly Func<ArraySegment<byte>> _content;

    /// <param name="extension">The end of its name, which tells its media type, without the dot.</param>
    /// <param name="id">What it is known by; with the extension, no other file has it.</param>
    /// <param name="modified">When it was made.</param>
    /// <param name="isGone">Whether it was there and is no more.</param>
    /// <param name="content">Asked for only when the file is sent.</param>
    public ServedFile(string extension, Guid id, DateTimeOffset modified, bool isGone, Func<ArraySegment<byte>> content)
    {
        _mediaType = extension == "jpg" ? "image/jpeg" : "image/" + extension;
        _tag = $"\"{id:N}-{extension}\"";
        _modified = modified.ToString("R", CultureInfo.InvariantCulture);
        IsGone = isGone;
        _content = content;
    }

    public bool IsGone { get; }

    public HttpResponse Answer(HttpRequest request)
    {
        if (IsGone)
        {
            return JsonAnswer.Error(410, "Gone");
        }

        var content = _content();
        var wantsPart = ByteRange.TryParse(request.Header("Range"), content.Count, out var range);
        if (wantsPart && !IsStale(request.Header("If-Range")))
        {
            return range.Count == 0 ? Outside(content.Count) : Part(content, range);
        }

        return Send(200, content);
    }

    private bool IsStale(string? ifRange) => ifRange is not null && ifRange != _tag && ifRange != _modified;

    private HttpResponse Part(ArraySegment<byte> content, ByteRange range) =>
        Send(206, new ArraySegment<byte>(content.Array!, content.Offset + range.First, range.Count))
            .Add("Content-Range", FormattableString.Invariant($"bytes {range.First}-{range.Last}/{content.Count}"));

    private static HttpResponse Outside(int length) =>
        HttpResponse.Text(416, "The range lies outside the file.").Add("Content-Range", FormattableString.Invariant($"bytes */{length}"));

    private HttpResponse Send(int status, ArraySegment<byte> body) =>
        new HttpResponse(status, _mediaType, body)
            .Add("ETag", _tag)
            .Add("Last-Modified", _modified)
            .Add("Accept-Ranges", "bytes");
}
