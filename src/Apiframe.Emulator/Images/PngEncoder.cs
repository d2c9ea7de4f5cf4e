using System.IO;
using System.IO.Compression;
using System.Text;

namespace Apiframe.Emulator.Images;

/// <summary>Writes indexed PNG. Rows equal to the one above are filtered to zeros, which compress to next to nothing.</summary>
internal static class PngEncoder
{
    private const byte FilterNone = 0;
    private const byte FilterUp = 2;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static byte[] Encode(Mosaic picture)
    {
        using var file = new MemoryStream();
        file.Write(Signature, 0, Signature.Length);
        WriteChunk(file, "IHDR", Header(picture));
        WriteChunk(file, "PLTE", Palette(picture));
        WriteChunk(file, "IDAT", Pixels(picture));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Header(Mosaic picture)
    {
        const byte BitsPerPixel = 8;
        const byte IndexedColour = 3;
        using var header = new MemoryStream();
        WriteBigEndian(header, (uint)picture.Width);
        WriteBigEndian(header, (uint)picture.Height);
        header.Write([BitsPerPixel, IndexedColour, 0, 0, 0], 0, 5);
        return header.ToArray();
    }

    private static byte[] Palette(Mosaic picture)
    {
        var bytes = new byte[picture.Palette.Count * 3];
        for (var i = 0; i < picture.Palette.Count; i++)
        {
            var colour = picture.Palette[i];
            bytes[3 * i] = colour.Red;
            bytes[3 * i + 1] = colour.Green;
            bytes[3 * i + 2] = colour.Blue;
        }

        return bytes;
    }

    private static byte[] Pixels(Mosaic picture)
    {
        using var zlib = new MemoryStream();
        zlib.Write([0x78, 0x01], 0, 2);
        var checksum = new Adler32();
        using (var deflate = new DeflateStream(zlib, CompressionLevel.Fastest, leaveOpen: true))
        {
            var fresh = new byte[picture.Width + 1];
            var repeated = new byte[picture.Width + 1];
            fresh[0] = FilterNone;
            repeated[0] = FilterUp;
            for (var row = 0; row < picture.Rows; row++)
            {
                FillRow(picture, row, fresh);
                deflate.Write(fresh, 0, fresh.Length);
                checksum.Append(fresh, fresh.Length);
                for (var i = 1; i < picture.RowHeight(row); i++)
                {
                    deflate.Write(repeated, 0, repeated.Length);
                    checksum.Append(repeated, 1);
                    checksum.AppendZeros(picture.Width);
                }
            }
        }

        WriteBigEndian(zlib, checksum.Value);
        return zlib.ToArray();
    }

    private static void FillRow(Mosaic picture, int row, byte[] line)
    {
        var position = 1;
        for (var column = 0; column < picture.Columns; column++)
        {
            var index = picture[column, row];
            for (var i = 0; i < picture.ColumnWidth(column); i++)
            {
                line[position++] = index;
            }
        }
    }

    private static void WriteChunk(Stream file, string type, byte[] data)
    {
        var name = Encoding.ASCII.GetBytes(type);
        WriteBigEndian(file, (uint)data.Length);
        file.Write(name, 0, name.Length);
        file.Write(data, 0, data.Length);
        WriteBigEndian(file, Crc32.Of(name, data));
    }

    private static void WriteBigEndian(Stream stream, uint value)
    {
        stream.WriteByte((byte)(value >> 24));
        stream.WriteByte((byte)(value >> 16));
        stream.WriteByte((byte)(value >> 8));
        stream.WriteByte((byte)value);
    }
}
