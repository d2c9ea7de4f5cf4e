using System;
using System.IO;

namespace Apiframe.Emulator.Images;

/// <summary>
/// Writes baseline JPEG without subsampling. Tiles are whole 8 x 8 blocks of one colour, so that a block is its DC coefficient
/// and nothing else, and quantisation by 8 keeps the colour exactly.
/// </summary>
internal static class JpegEncoder
{
    private const int BlockSize = 8;

    // DC differences: the standard's luminance table. AC: only "end of block" ever occurs, one bit long.
    private static readonly byte[] DcCodeCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] DcSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    private static readonly byte[] AcCodeCounts = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] AcSymbols = [0];

    // Code and length of each DC category, as the table above defines them.
    private static readonly int[] DcCodes = [0b00, 0b010, 0b011, 0b100, 0b101, 0b110, 0b1110, 0b11110, 0b111110];
    private static readonly int[] DcLengths = [2, 3, 3, 3, 3, 3, 4, 5, 6];

    private static readonly byte[] FrameInfo = [0x4a, 0x46, 0x49, 0x46, 0x00, 1, 1, 0, 0, 1, 0, 1, 0, 0];
    private static readonly byte[] ScanInfo = [3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0];

    public static byte[] Encode(Mosaic picture)
    {
        using var file = new MemoryStream();
        file.Write([0xff, 0xd8], 0, 2);
        WriteSegment(file, 0xe0, FrameInfo);
        WriteSegment(file, 0xdb, QuantisationTable());
        WriteSegment(file, 0xc0, FrameHeader(picture));
        WriteSegment(file, 0xc4, HuffmanTable(0x00, DcCodeCounts, DcSymbols));
        WriteSegment(file, 0xc4, HuffmanTable(0x10, AcCodeCounts, AcSymbols));
        WriteSegment(file, 0xda, ScanInfo);
        WriteScan(picture, new JpegBitWriter(file));
        file.Write([0xff, 0xd9], 0, 2);
        return file.ToArray();
    }

    private static void WriteScan(Mosaic picture, JpegBitWriter bits)
    {
        var colours = new YCbCr[picture.Palette.Count];
        for (var i = 0; i < colours.Length; i++)
        {
            colours[i] = YCbCr.From(picture.Palette[i]);
        }

        var last = default(YCbCr);
        for (var row = 0; row < picture.Rows; row++)
        {
            for (var line = 0; line < picture.RowHeight(row) / BlockSize; line++)
            {
                for (var column = 0; column < picture.Columns; column++)
                {
                    var colour = colours[picture[column, row]];
                    WriteBlock(bits, colour.Y - last.Y);
                    WriteBlock(bits, colour.Cb - last.Cb);
                    WriteBlock(bits, colour.Cr - last.Cr);
                    last = colour;
                    for (var repeats = picture.ColumnWidth(column) / BlockSize - 1; repeats > 0; repeats--)
                    {
                        // Three blocks without any difference, each "category 0" and "end of block", are nine zero bits.
                        bits.Write(0, 9);
                    }
                }
            }
        }

        bits.Finish();
    }

    private static void WriteBlock(JpegBitWriter bits, int difference)
    {
        var category = 0;
        for (var rest = Math.Abs(difference); rest > 0; rest >>= 1)
        {
            category++;
        }

        bits.Write(DcCodes[category], DcLengths[category]);
        bits.Write(difference < 0 ? difference - 1 + (1 << category) : difference, category);
        bits.Write(0, 1);
    }

    private static byte[] QuantisationTable()
    {
        var table = new byte[65];
        for (var i = 1; i < table.Length; i++)
        {
            table[i] = BlockSize;
        }

        return table;
    }

    private static byte[] FrameHeader(Mosaic picture) =>
    [
        8,
        (byte)(picture.Height >> 8),
        (byte)picture.Height,
        (byte)(picture.Width >> 8),
        (byte)picture.Width,
        3,
        1, 0x11, 0,
        2, 0x11, 0,
        3, 0x11, 0,
    ];

    private static byte[] HuffmanTable(byte kind, byte[] codeCounts, byte[] symbols) => [kind, .. codeCounts, .. symbols];

    private static void WriteSegment(Stream file, byte marker, byte[] data)
    {
        var length = data.Length + 2;
        file.Write([0xff, marker, (byte)(length >> 8), (byte)length], 0, 4);
        file.Write(data, 0, data.Length);
    }
}
