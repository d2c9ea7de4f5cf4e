using System;
using System.Text;

namespace Apiframe.Emulator.Http;

/// <summary>One field of a form.</summary>
internal sealed class MultipartPart
{
    private const string Disposition = "Content-Disposition:";

    private static readonly byte[] HeadEnd = [13, 10, 13, 10];
    private static readonly string[] LineEnd = ["\r\n"];
    private static readonly Encoding Latin1 = Encoding.GetEncoding(28591);

    private MultipartPart(string name, ArraySegment<byte> content)
    {
        Name = name;
        Content = content;
    }

    public string Name { get; }

    public ArraySegment<byte> Content { get; }

    /// <param name="part">Head and content.</param>
    /// <returns>Null for anything but a form field with a name.</returns>
    public static MultipartPart? Parse(ArraySegment<byte> part)
    {
        var headLength = part.AsSpan().IndexOf(HeadEnd);
        if (headLength < 0)
        {
            return null;
        }

        string? name = null;
        foreach (var line in Latin1.GetString(part.Array!, part.Offset, headLength).Split(LineEnd, StringSplitOptions.None))
        {
            if (line.StartsWith(Disposition, StringComparison.OrdinalIgnoreCase))
            {
                var value = HeaderValue.Parse(line.Substring(Disposition.Length));
                if (name is not null || value?.Is("form-data") != true || value.Parameter("name") is not { } given)
                {
                    return null;
                }

                name = given;
            }
            else if (line.IndexOf(':') <= 0)
            {
                return null;
            }
        }

        var start = headLength + HeadEnd.Length;
        return name is null ? null : new MultipartPart(name, new ArraySegment<byte>(part.Array!, part.Offset + start, part.Count - start));
    }
}
