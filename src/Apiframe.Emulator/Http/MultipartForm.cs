using System;
using System.Collections.Generic;
using System.Text;

namespace Apiframe.Emulator.Http;

/// <summary>Reads <c>multipart/form-data</c>. Strict: text before the first boundary or after the last is an error.</summary>
internal static class MultipartForm
{
    private const int MaxBoundaryLength = 70;

    private static readonly Encoding Latin1 = Encoding.GetEncoding(28591);
    private static readonly byte[] LineEnd = [13, 10];
    private static readonly byte[] End = [.. "--"u8];
    private static readonly byte[] EndAndLineEnd = [.. "--\r\n"u8];

    /// <returns>The fields in their order, or null when the body is no form.</returns>
    public static IReadOnlyList<MultipartPart>? Read(string? contentType, byte[] body)
    {
        var type = HeaderValue.Parse(contentType ?? string.Empty);
        return type?.Is("multipart/form-data") == true && type.Parameter("boundary") is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? Read(Latin1.GetBytes("\r\n--" + boundary), body)
            : null;
    }

    /// <param name="delimiter">What parts the fields. The first has no line end before it.</param>
    /// <param name="body">The whole body.</param>
    private static List<MultipartPart>? Read(byte[] delimiter, byte[] body)
    {
        if (!body.AsSpan().StartsWith(delimiter.AsSpan(LineEnd.Length)))
        {
            return null;
        }

        var parts = new List<MultipartPart>();
        var at = delimiter.Length - LineEnd.Length;
        while (body.AsSpan(at).StartsWith(LineEnd))
        {
            at += LineEnd.Length;
            var length = body.AsSpan(at).IndexOf(delimiter);
            if (length < 0 || MultipartPart.Parse(new ArraySegment<byte>(body, at, length)) is not { } part)
            {
                return null;
            }

            parts.Add(part);
            at += length + delimiter.Length;
        }

        var rest = body.AsSpan(at);
        return rest.SequenceEqual(End) || rest.SequenceEqual(EndAndLineEnd) ? parts : null;
    }
}
