using System;

namespace Apiframe.Client.Save;

/// <summary>
/// Checks for each format whether a file is complete, from its first byte to the end of the image. Bytes after that end are ignored. Pixels are not decoded.
/// Each method throws <see cref="System.IO.EndOfStreamException"/> for a file that ends too early.
/// </summary>
internal static class WholeImage
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Checks the chunks up to IEND and their checksums.</summary>
    public static bool IsPng(ImageBytes file)
    {
        bool hasHeader = false;
        bool hasPixels = false;
        file.Skip(8);
        while (true)
        {
            uint length = file.BigEndian32();
            uint crc = uint.MaxValue;
            uint type = 0;
            for (int i = 0; i < 4; i++)
            {
                byte letter = file.Byte();
                type = (type << 8) | letter;
                crc = Crc(crc, letter);
            }

            for (long left = length; left > 0;)
            {
                ReadOnlySpan<byte> data = file.Take(left);
                left -= data.Length;
                foreach (byte value in data)
                {
                    crc = Crc(crc, value);
                }
            }

            if (file.BigEndian32() != ~crc)
            {
                return false;
            }

            hasHeader |= type == Name("IHDR");
            hasPixels |= type == Name("IDAT");
            if (type == Name("IEND"))
            {
                return hasHeader && hasPixels;
            }
        }
    }

    /// <summary>
    /// Checks the segments and scans up to the end marker. Metadata is skipped by its length, because a thumbnail in it has its own end marker.
    /// </summary>
    public static bool IsJpeg(ImageBytes file)
    {
        bool hasFrame = false;
        bool hasScan = false;
        file.Skip(2);
        while (true)
        {
            byte marker = NextMarker(file);
            if (marker is 0xD8 or 0xD9)
            {
                return marker == 0xD9 && hasFrame && hasScan;
            }

            int length = file.BigEndian16();
            if (length < 2)
            {
                return false;
            }

            file.Skip(length - 2);
            hasFrame |= marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            hasScan |= marker == 0xDA;
        }
    }

    /// <summary>Checks the chunks within the length that the file declares at its start.</summary>
    public static bool IsWebP(ImageBytes file)
    {
        bool hasPixels = false;
        file.Skip(4);
        long left = file.LittleEndian32() - 4L;
        file.Skip(4);
        while (left >= 8)
        {
            uint type = file.BigEndian32();
            long length = file.LittleEndian32();
            left -= 8;
            if (length > left)
            {
                return false;
            }

            // Chunks are padded to even lengths, but some programs omit the padding at the end.
            long padded = Math.Min(length + (length & 1), left);
            file.Skip(padded);
            left -= padded;
            hasPixels |= type == Name("VP8 ") || type == Name("VP8L") || type == Name("ANMF");
        }

        file.Skip(left);
        return hasPixels;
    }

    /// <summary>Checks the blocks up to the trailer.</summary>
    public static bool IsGif(ImageBytes file)
    {
        bool hasPixels = false;
        file.Skip(10);
        SkipColors(file, flags: file.Byte(), more: 2);
        while (true)
        {
            switch (file.Byte())
            {
                case 0x21:
                    file.Skip(1);
                    break;
                case 0x2C:
                    file.Skip(8);
                    SkipColors(file, flags: file.Byte(), more: 1);
                    hasPixels = true;
                    break;
                case 0x3B:
                    return hasPixels;
                default:
                    return false;
            }

            for (byte length = file.Byte(); length > 0; length = file.Byte())
            {
                file.Skip(length);
            }
        }
    }

    /// <summary>Skips the color table of a GIF, if the flags contain one, and <paramref name="more"/> bytes beside it.</summary>
    private static void SkipColors(ImageBytes file, byte flags, int more) => file.Skip(more + ((flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1)));

    /// <summary>Returns the next marker outside of pixel data, in which a byte FF is followed by 00 or is a restart marker.</summary>
    private static byte NextMarker(ImageBytes file)
    {
        byte marker;
        do
        {
            file.SkipPast(0xFF);
            do
            {
                marker = file.Byte();
            }
            while (marker == 0xFF);
        }
        while (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD7));

        return marker;
    }

    private static uint Name(string letters) => ((uint)letters[0] << 24) | ((uint)letters[1] << 16) | ((uint)letters[2] << 8) | letters[3];

    private static uint Crc(uint crc, byte value) => CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
            }

            table[i] = value;
        }

        return table;
    }
}
