using System;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace Apiframe.Emulator.Pictures;

/// <summary>Writes indexed PNG. Rows equal to the one above are filtered to zeros, which compress to next to nothing.</summary>
internal static class PngEncoder
{
    private const byte FilterNone = 0;
    private const byte FilterUp = 2;
    private const byte BitsPerPixel = 8;
    private const byte IndexedColor = 3;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(index => CrcEntry((uint)index))];

    public static byte[] Encode(Mosaic picture) =>
    [
        0x89, .. "PNG\r\n"u8, 0x1a, .. "\n"u8,
        .. Chunk("IHDR"u8, [.. BigEndian((uint)picture.Width), .. BigEndian((uint)picture.Height), BitsPerPixel, IndexedColor, 0, 0, 0]),
        .. Chunk("PLTE"u8, [.. picture.Palette.SelectMany(color => new[] { color.Red, color.Green, color.Blue })]),
        .. Chunk("IDAT"u8, Pixels(picture)),
        .. Chunk("IEND"u8, []),
    ];

    /// <summary>All rows, each behind its filter, as a zlib stream.</summary>
    private static byte[] Pixels(Mosaic picture)
    {
        using var deflated = new MemoryStream();
        var checksum = new Adler32();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            var fresh = new byte[picture.Width + 1];
            var repeated = new byte[picture.Width + 1];
            fresh[0] = FilterNone;
            repeated[0] = FilterUp;
            for (var row = 0; row < picture.Rows; row++)
            {
                FillRow(picture, row, fresh);
                deflate.Write(fresh, 0, fresh.Length);
                Array.ForEach(fresh, value => checksum.Append(value));
                for (var i = 1; i < picture.RowHeight(row); i++)
                {
                    deflate.Write(repeated, 0, repeated.Length);
                    checksum.Append(FilterUp, zerosAfter: picture.Width);
                }
            }
        }

        return [0x78, 0x01, .. deflated.ToArray(), .. BigEndian(checksum.Value)];
    }

    private static void FillRow(Mosaic picture, int row, byte[] line)
    {
        for (var x = 0; x < picture.Width; x++)
        {
            line[x + 1] = picture[x / picture.TileSize, row];
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] named = [.. type, .. data];
        var crc = ~named.Aggregate(uint.MaxValue, (sum, value) => CrcTable[(byte)(sum ^ value)] ^ (sum >> 8));
        return [.. BigEndian((uint)data.Length), .. named, .. BigEndian(crc)];
    }

    private static uint CrcEntry(uint value)
    {
        const uint Polynomial = 0xedb88320;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        }

        return value;
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    /// <summary>The checksum of zlib streams.</summary>
    private sealed class Adler32
    {
        private const uint Modulus = 65521;

        private uint _a = 1;
        private uint _b;

        public uint Value => (_b << 16) | _a;

        /// <summary>Zeros leave the first sum as it is, so that any number of them is one step.</summary>
        public void Append(byte value, int zerosAfter = 0)
        {
            _a = (_a + value) % Modulus;
            _b = (uint)((_b + (ulong)_a * (1 + (uint)zerosAfter)) % Modulus);
        }
    }
}
