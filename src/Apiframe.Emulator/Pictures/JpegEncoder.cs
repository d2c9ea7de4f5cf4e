using System;
using System.IO;
using System.Linq;

namespace Apiframe.Emulator.Pictures;

/// <summary>
/// Writes baseline JPEG without subsampling. Tiles consist of complete 8 x 8 blocks of one color, so each block has only its DC coefficient, and quantization
/// by 8 preserves the color exactly.
/// </summary>
internal static class JpegEncoder
{
    private const int BlockSize = 8;

    public static byte[] Encode(Mosaic picture)
    {
        using var file = new MemoryStream();
        byte[] head =
        [
            0xff, 0xd8,
            .. Segment(0xe0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
            .. Segment(0xdb, [0, .. Enumerable.Repeat((byte)BlockSize, 64)]),
            .. Segment(0xc0, [8, .. BigEndian(picture.Size.Height), .. BigEndian(picture.Size.Width), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),

            // DC differences: category 0 has the code 0, and categories 1 to 11 have codes of five bits. For AC, only "end of block" occurs, with the code 0.
            .. Segment(0xc4, [0x00, 1, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
            .. Segment(0xc4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            .. Segment(0xda, [3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0]),
        ];
        file.Write(head, 0, head.Length);
        WriteScan(picture, new BitWriter(file));
        file.Write([0xff, 0xd9], 0, 2);
        return file.ToArray();
    }

    private static void WriteScan(Mosaic picture, BitWriter bits)
    {
        var last = default(YCbCr);
        for (var y = 0; y < picture.Size.Height; y += BlockSize)
        {
            for (var column = 0; column < picture.Columns; column++)
            {
                var color = YCbCr.From(picture[column, y / picture.Size.TileSize]);
                WriteBlock(bits, color.Y - last.Y);
                WriteBlock(bits, color.Cb - last.Cb);
                WriteBlock(bits, color.Cr - last.Cr);
                last = color;
                for (var repeats = (picture.ColumnWidth(column) - 1) / BlockSize; repeats > 0; repeats--)
                {
                    // These are three blocks without a difference, each with "category 0" and "end of block".
                    bits.Write(0, 6);
                }
            }
        }

        bits.Write(0x7f, 7); // fills the last byte with ones, as the JPEG standard requires
    }

    private static void WriteBlock(BitWriter bits, int difference)
    {
        var category = 0;
        while (Math.Abs(difference) >> category > 0)
        {
            category++;
        }

        bits.Write(category == 0 ? 0 : 0b10000 + category - 1, category == 0 ? 1 : 5);
        bits.Write(difference < 0 ? difference - 1 + (1 << category) : difference, category);
        bits.Write(0, 1);
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xff, marker, .. BigEndian(data.Length + 2), .. data];

    private static byte[] BigEndian(int value) => [(byte)(value >> 8), (byte)value];

    /// <summary>A color with 128 subtracted from each component, as the DC coefficient of a block contains it.</summary>
    private readonly record struct YCbCr(int Y, int Cb, int Cr)
    {
        public static YCbCr From(Rgb color)
        {
            var y = 0.299 * color.Red + 0.587 * color.Green + 0.114 * color.Blue;
            return new YCbCr(Whole(y - 128), Whole((color.Blue - y) / 1.772), Whole((color.Red - y) / 1.402));
        }

        private static int Whole(double value) => Math.Max(-128, Math.Min(127, (int)Math.Round(value)));
    }

    /// <summary>Writes the bits of a scan, the highest bit first, with a zero byte after each 0xFF that is not a marker.</summary>
    private sealed class BitWriter(Stream stream)
    {
        private uint _pending;
        private int _count;

        /// <summary>Writes the lowest <paramref name="count"/> bits, at most 16.</summary>
        public void Write(int bits, int count)
        {
            _pending = (_pending << count) | ((uint)bits & ((1u << count) - 1));
            for (_count += count; _count >= 8; _count -= 8)
            {
                var value = (byte)(_pending >> (_count - 8));
                stream.WriteByte(value);
                if (value == 0xff)
                {
                    stream.WriteByte(0);
                }
            }
        }
    }
}
