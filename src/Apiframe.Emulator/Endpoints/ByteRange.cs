using System;
using System.Globalization;

namespace Apiframe.Emulator.Endpoints;

/// <summary>The one range of a <c>Range</c> header.</summary>
internal readonly struct ByteRange
{
    private const string Unit = "bytes=";

    private ByteRange(int first, int count)
    {
        First = first;
        Count = count;
    }

    public int First { get; }

    /// <summary>0 when the range lies outside the file.</summary>
    public int Count { get; }

    public int Last => First + Count - 1;

    /// <returns>False for anything but one well-formed range: such a header is to be ignored.</returns>
    public static bool TryParse(string? header, int fileLength, out ByteRange range)
    {
        range = default;
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var ends = header.Substring(Unit.Length).Trim().Split('-');
        if (ends.Length != 2)
        {
            return false;
        }

        var hasFirst = TryNumber(ends[0], out var first);
        var hasLast = TryNumber(ends[1], out var last);
        var isReadable = (hasFirst || ends[0].Length == 0) && (hasLast || ends[1].Length == 0) && (hasFirst || hasLast);
        if (!isReadable || (hasFirst && hasLast && last < first))
        {
            return false;
        }

        var start = hasFirst ? first : Math.Max(0, fileLength - last);
        var end = hasFirst && hasLast ? Math.Min(last, fileLength - 1) : fileLength - 1;
        range = start <= end ? new ByteRange((int)start, (int)(end - start + 1)) : default;
        return true;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
