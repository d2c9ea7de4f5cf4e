using System;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Apiframe.Emulator.Pictures;

/// <summary>Writes PNG. A row that is equal to the row above is filtered to zeros, which compress to almost nothing.</summary>
internal static class PngEncoder
{
    private const uint CrcPolynomial = 0xedb88320;
    private const byte FilterNone = 0;
    private const byte FilterUp = 2;
    private const byte BitsPerChannel = 8;
    private const byte TrueColor = 2;
    private const byte TrueColorWithAlpha = 6;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(index =>
        Enumerable.Range(0, 8).Aggregate((uint)index, (crc, _) => (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ CrcPolynomial))];

    public static byte[] Encode(Mosaic picture) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1a, .. "\n"u8,
        .. Chunk("IHDR"u8, [.. BigEndian((uint)picture.Size.Width), .. BigEndian((uint)picture.Size.Height), BitsPerChannel, picture.HasAlpha ? TrueColorWithAlpha : TrueColor, 0, 0, 0]),
        .. Chunk("IDAT"u8, Pixels(picture)),
        .. Chunk("IEND"u8, []),
    ];

    /// <summary>Returns all rows as a zlib stream, each after its filter byte.</summary>
    private static byte[] Pixels(Mosaic picture)
    {
        using var deflated = new MemoryStream();
        var (a, b) = (1u, 0u);
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            var repeated = new byte[1 + Channels(picture) * picture.Size.Width];
            repeated[0] = FilterUp;
            for (var row = 0; row < picture.Rows; row++)
            {
                var fresh = Row(picture, row);
                deflate.Write(fresh, 0, fresh.Length);
                Array.ForEach(fresh, value => Check(value));
                for (var i = 1; i < picture.RowHeight(row); i++)
                {
                    deflate.Write(repeated, 0, repeated.Length);
                    Check(FilterUp, zerosAfter: repeated.Length - 1);
                }
            }
        }

        return [0x78, 0x01, .. deflated.ToArray(), .. BigEndian((b << 16) | a)];

        // This is Adler-32, the checksum of zlib streams. Zeros do not change its first sum, so any number of them is one step.
        void Check(byte value, int zerosAfter = 0)
        {
            const uint Modulus = 65521;
            a = (a + value) % Modulus;
            b = (uint)((b + (ulong)a * (1 + (uint)zerosAfter)) % Modulus);
        }
    }

    private static int Channels(Mosaic picture) => picture.HasAlpha ? 4 : 3;

    private static byte[] Row(Mosaic picture, int row)
    {
        var channels = Channels(picture);
        var line = new byte[1 + channels * picture.Size.Width];
        line[0] = FilterNone;
        for (var x = 0; x < picture.Size.Width; x++)
        {
            var color = picture[x / picture.Size.TileSize, row];
            var at = 1 + channels * x;
            (line[at], line[at + 1], line[at + 2]) = (color.Red, color.Green, color.Blue);
            if (picture.HasAlpha)
            {
                line[at + 3] = (byte)(color.IsTransparent ? 0 : 255);
            }
        }

        return line;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] named = [.. type, .. data];
        var crc = ~named.Aggregate(uint.MaxValue, (sum, value) => CrcTable[(byte)(sum ^ value)] ^ (sum >> 8));
        return [.. BigEndian((uint)data.Length), .. named, .. BigEndian(crc)];
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
