using System;

namespace Apiframe.Emulator.Pictures;

/// <summary>Reads the size of an image from the beginning of its file, without checking the rest.</summary>
internal static class ImageHeader
{
    private const int MaxSide = 65535;

    /// <returns>The width and the height in pixels, or null if the header does not contain them.</returns>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file, string extension)
    {
        var size = extension switch
        {
            "png" when file.Length >= 24 => (BigEndian(file.Slice(16), 4), BigEndian(file.Slice(20), 4)),
            "gif" when file.Length >= 10 => (LittleEndian(file.Slice(6), 2), LittleEndian(file.Slice(8), 2)),
            "webp" when file.Length >= 30 => OfWebp(file),
            "jpg" => OfJpeg(file),
            _ => default,
        };
        return size is (> 0 and <= MaxSide, > 0 and <= MaxSide) ? ((int)size.Item1, (int)size.Item2) : null;
    }

    private static (long Width, long Height) OfWebp(ReadOnlySpan<byte> file) => (char)file[15] switch
    {
        // After the signature of the lossless format, the width and the height minus one have 14 bits each.
        'L' when LittleEndian(file.Slice(21), 4) is var bits => ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1),
        'X' => (LittleEndian(file.Slice(24), 3) + 1, LittleEndian(file.Slice(27), 3) + 1),

        // The two highest bits of each number are for scaling.
        ' ' => (LittleEndian(file.Slice(26), 2) & 0x3fff, LittleEndian(file.Slice(28), 2) & 0x3fff),
        _ => default,
    };

    /// <summary>Searches for the frame header: a marker from 0xC0 to 0xCF, except for the three of them that have another meaning.</summary>
    private static (long Width, long Height) OfJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 9 <= file.Length && file[at] == 0xff; at += 2 + (int)BigEndian(file.Slice(at + 2), 2))
        {
            if (file[at + 1] is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                return (BigEndian(file.Slice(at + 7), 2), BigEndian(file.Slice(at + 5), 2));
            }
        }

        return default;
    }

    private static long BigEndian(ReadOnlySpan<byte> bytes, int count)
    {
        var number = 0L;
        foreach (var value in bytes.Slice(0, count))
        {
            number = (number << 8) | value;
        }

        return number;
    }

    private static long LittleEndian(ReadOnlySpan<byte> bytes, int count)
    {
        var number = 0L;
        for (var i = count - 1; i >= 0; i--)
        {
            number = (number << 8) | bytes[i];
        }

        return number;
    }
}
