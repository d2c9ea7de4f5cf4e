using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>Small files with the structure of real images. Their pixels have no meaning.</summary>
internal static class SampleImages
{
    /// <summary>The end marker of a JPEG. The thumbnail in the metadata of a camera contains this marker too.</summary>
    private static readonly byte[] EndOfJpeg = [0xFF, 0xD9];

    public static byte[] Png { get; } = PngOf([1, 2, 3, 4, 5]);

    public static byte[] Jpeg { get; } = JpegOf([1, 2, 3, 0xFF, 0x00, 4, 0xFF, 0xD3, 5]);

    public static byte[] WebP { get; } = WebPOf([.. "VP8 "u8, 4, 0, 0, 0, 9, 9, 9, 9]);

    public static byte[] Gif { get; } =
        [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 1, 2, 3, 4, 5, 6, 0x21, 0xF9, 2, 0x3B, 0x3B, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 3, 0x3B, 7, 7, 0, 0x3B];

    public static IReadOnlyDictionary<string, byte[]> ByExtension { get; } =
        new Dictionary<string, byte[]> { [".png"] = Png, [".jpg"] = Jpeg, [".webp"] = WebP, [".gif"] = Gif };

    public static byte[] PngOf(byte[] data) =>
        [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]), .. Chunk("IDAT", data), .. Chunk("IEND", [])];

    /// <summary>Creates a JPEG whose metadata contains a thumbnail, which is also a JPEG.</summary>
    public static byte[] JpegOf(byte[] scan) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE1, [.. "Exif"u8, 0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 8, 8, .. EndOfJpeg, 0, 0]),
        .. Segment(0xC2, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
        .. Segment(0xDA, [1, 1, 0, 0, 0, 0]), .. scan,
        .. Segment(0xDA, [1, 1, 0, 0, 0, 0]), .. scan,
        .. EndOfJpeg,
    ];

    public static byte[] WebPOf(byte[] chunks)
    {
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, 4 + chunks.Length);
        return [.. "RIFF"u8, .. size, .. "WEBP"u8, .. chunks];
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. type.Select(letter => (byte)letter), .. data];
        return [.. BigEndian((uint)data.Length), .. named, .. BigEndian(Crc(named))];
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, .. BigEndian((uint)data.Length + 2)[2..], .. data];

    /// <summary>The CRC-32 of the PNG specification, one bit at a time.</summary>
    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    private static byte[] BigEndian(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
