using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Apiframe.Emulator.Server;

internal sealed record FormField(string Name, ArraySegment<byte> Content);

/// <summary>Reads <c>multipart/form-data</c> (RFC 7578) strictly: text before the first boundary or after the last one is an error.</summary>
internal static class MultipartForm
{
    private const string MediaType = "multipart/form-data";
    private const string Disposition = "Content-Disposition:";
    private const int MaxBoundaryLength = 70;

    private static readonly Encoding Latin1 = Encoding.GetEncoding(28591);
    private static readonly string[] LineEnd = ["\r\n"];

    /// <returns>The fields in their order, or null if the body is not a form.</returns>
    public static IReadOnlyList<FormField>? Read(string? contentType, byte[] body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType ?? string.Empty, out var type)
            || !MediaType.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase)
            || Parameter(type.Parameters, "boundary") is not { Length: > 0 and <= MaxBoundaryLength } boundary)
        {
            return null;
        }

        // The first boundary has no line end before it.
        var delimiter = Latin1.GetBytes("\r\n--" + boundary);
        return body.AsSpan().StartsWith(delimiter.AsSpan(2)) ? ReadFields(delimiter, body) : null;
    }

    private static List<FormField>? ReadFields(byte[] delimiter, byte[] body)
    {
        var fields = new List<FormField>();
        var at = delimiter.Length - 2;
        while (body.AsSpan(at).StartsWith("\r\n"u8))
        {
            at += 2;
            var length = body.AsSpan(at).IndexOf(delimiter);
            if (length < 0 || ReadField(new ArraySegment<byte>(body, at, length)) is not { } field)
            {
                return null;
            }

            fields.Add(field);
            at += length + delimiter.Length;
        }

        var rest = body.AsSpan(at);
        return rest.SequenceEqual("--"u8) || rest.SequenceEqual("--\r\n"u8) ? fields : null;
    }

    /// <param name="field">The head and the content of the field.</param>
    /// <returns>The field, or null if it is not a form field with a name.</returns>
    private static FormField? ReadField(ArraySegment<byte> field)
    {
        var headLength = field.AsSpan().IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
        {
            return null;
        }

        var lines = Latin1.GetString(field.Array!, field.Offset, headLength).Split(LineEnd, StringSplitOptions.None);
        var dispositions = lines.Where(line => line.StartsWith(Disposition, StringComparison.OrdinalIgnoreCase)).ToArray();
        return lines.All(line => line.IndexOf(':') > 0)
            && dispositions.Length == 1
            && ContentDispositionHeaderValue.TryParse(dispositions[0].Substring(Disposition.Length), out var disposition)
            && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            && Parameter(disposition.Parameters, "name") is { } name
            ? new FormField(name, new(field.Array!, field.Offset + headLength + 4, field.Count - headLength - 4))
            : null;
    }

    /// <returns>The value without quotes. Null if the parameter is missing or occurs twice, or if any parameter has no value.</returns>
    private static string? Parameter(ICollection<NameValueHeaderValue> parameters, string name)
    {
        var found = parameters.Where(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (found.Length != 1 || parameters.Any(one => one.Value is null))
        {
            return null;
        }

        var value = found[0].Value;
        return value.StartsWith("\"", StringComparison.Ordinal) ? Regex.Replace(value.Substring(1, value.Length - 2), @"\\(.)", "$1") : value;
    }
}
