using System;
using System.IO;

namespace Apiframe.Emulator.Pictures;

/// <summary>
/// Writes lossless WebP (RFC 9649). A tile is one pixel that is repeated to the right, and a row of tiles is one line of pixels that is repeated downward. The
/// prefix codes are fixed, so no symbols are counted before encoding.
/// </summary>
internal static class WebpEncoder
{
    private const int MostCopied = 4096;

    // The 232 codes of 8 bits leave space for 48 codes of 9 bits.
    private const int EightBitSymbols = 232;

    // The distance codes 1 and 2 of the format are the two nearest pixels. They have the prefixes 0 and 1.
    private const int FromAbove = 0;
    private const int FromLeft = 1;

    /// <summary>The order in which the format contains the lengths of the codes of code lengths (RFC 9649).</summary>
    private static readonly int[] OrderOfLengths = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9];

    public static byte[] Encode(Mosaic picture)
    {
        using var stream = new MemoryStream();
        var bits = new BitWriter(stream);
        bits.Number(0x2f, 8); // signature
        bits.Number(picture.Size.Width - 1, 14);
        bits.Number(picture.Size.Height - 1, 14);
        bits.Number(0, 1 + 3); // no alpha, version 0
        bits.Number(0, 1 + 1 + 1); // no transforms, no color cache, one set of codes for the whole picture
        WriteCodes(bits);
        WritePixels(picture, bits);
        bits.Number(0, 7); // fills the last byte
        var image = stream.ToArray();
        return
        [
            .. "RIFF"u8, .. BitConverter.GetBytes(12 + image.Length + image.Length % 2),
            .. "WEBPVP8L"u8, .. BitConverter.GetBytes(image.Length), .. image, .. new byte[image.Length % 2],
        ];
    }

    /// <summary>
    /// Writes the codes. The 256 shades of green and the 24 prefixes of lengths share one code of 8 or 9 bits. Shades of red and blue have 8 bits each.
    /// </summary>
    private static void WriteCodes(BitWriter bits)
    {
        WriteCodeOfLengths(bits, 8, 9);
        bits.Code(0, EightBitSymbols); // each has the first length
        bits.Code(-1, 256 + 24 - EightBitSymbols); // each has the second length
        WriteCodeOfLengths(bits, 8); // red: all shades have the only length, which needs no bits
        WriteCodeOfLengths(bits, 8); // blue
        bits.Number(0b1_0_1 | (255 << 3), 3 + 8); // alpha: one symbol, written in 8 bits
        bits.Number(0b0_1_1 | (FromAbove << 3) | (FromLeft << 4), 3 + 1 + 8); // distances: two symbols, the first written in 1 bit
    }

    /// <summary>Writes that only these lengths occur, at most two. One bit then selects the length of a symbol.</summary>
    private static void WriteCodeOfLengths(BitWriter bits, params int[] lengths)
    {
        bits.Number(0, 1); // not one of the shortcuts for one or two symbols
        bits.Number(OrderOfLengths.Length - 4, 4);
        foreach (var length in OrderOfLengths)
        {
            bits.Number(Array.IndexOf(lengths, length) < 0 ? 0 : 1, 3);
        }

        bits.Number(0, 1); // every symbol has a length
    }

    private static void WritePixels(Mosaic picture, BitWriter bits)
    {
        for (var row = 0; row < picture.Rows; row++)
        {
            for (var column = 0; column < picture.Columns; column++)
            {
                var color = picture[column, row];
                WriteGreenOrLength(bits, color.Green);
                bits.Code(color.Red, 8);
                bits.Code(color.Blue, 8);
                for (var left = picture.ColumnWidth(column) - 1; left > 0; left -= MostCopied)
                {
                    WriteCopy(bits, Math.Min(left, MostCopied), FromLeft);
                }
            }

            for (var left = (long)(picture.RowHeight(row) - 1) * picture.Size.Width; left > 0; left -= MostCopied)
            {
                WriteCopy(bits, (int)Math.Min(left, MostCopied), FromAbove);
            }
        }
    }

    /// <summary>Writes a copy. A length of 5 or more is written as the prefix of its two highest bits, followed by its lower bits.</summary>
    private static void WriteCopy(BitWriter bits, int pixels, int distance)
    {
        var rest = pixels - 1;
        var extraBits = 0;
        while (rest >> extraBits >= 4)
        {
            extraBits++;
        }

        var prefix = (rest >> extraBits) + 2 * extraBits;
        WriteGreenOrLength(bits, 256 + prefix);
        bits.Number(rest & ((1 << extraBits) - 1), extraBits);
        bits.Code(distance, 1);
    }

    /// <summary>Writes a green shade or a length. The codes of 9 bits follow the codes of 8 bits.</summary>
    private static void WriteGreenOrLength(BitWriter bits, int symbol)
    {
        var isShort = symbol < EightBitSymbols;
        bits.Code(isShort ? symbol : symbol + EightBitSymbols, isShort ? 8 : 9);
    }

    /// <summary>Writes the bits of a VP8L stream, which fill each byte from the lowest bit.</summary>
    private sealed class BitWriter(Stream stream)
    {
        private int _pending;
        private int _count;

        /// <summary>Writes the lowest <paramref name="count"/> bits of a number, the lowest bit first.</summary>
        public void Number(int value, int count)
        {
            for (var bit = 0; bit < count; bit++)
            {
                Bit(value >> bit);
            }
        }

        /// <summary>Writes the lowest <paramref name="count"/> bits of a prefix code, the highest bit first.</summary>
        public void Code(int code, int count)
        {
            for (var bit = count - 1; bit >= 0; bit--)
            {
                Bit(code >> bit);
            }
        }

        private void Bit(int value)
        {
            _pending |= (value & 1) << _count;
            if (++_count == 8)
            {
                stream.WriteByte((byte)_pending);
                _pending = 0;
                _count = 0;
            }
        }
    }
}
