using System;

namespace Apiframe.Emulator.Pictures;

/// <summary>Pictures as files.</summary>
internal static class PictureFile
{
    /// <summary>Longer than the end mark of any of the formats.</summary>
    private const int EndBytes = 16;

    /// <param name="picture">What it shows.</param>
    /// <param name="extension">jpg, png or webp.</param>
    /// <param name="leastBytes">A smaller file is made this long by what stands behind its end, where viewers do not look.</param>
    public static byte[] Encode(Mosaic picture, string extension, int leastBytes)
    {
        var file = extension switch
        {
            "png" => PngEncoder.Encode(picture),
            "webp" => WebpEncoder.Encode(picture),
            _ => JpegEncoder.Encode(picture),
        };
        return file.Length < leastBytes ? Padded(file, leastBytes) : file;
    }

    /// <summary>The end of the file stands at the end again: readers look for the end mark there to tell a whole file from a cut one.</summary>
    private static byte[] Padded(byte[] file, int length)
    {
        var padded = new byte[length];
        file.CopyTo(padded, 0);
        var end = Math.Min(EndBytes, length - file.Length);
        Buffer.BlockCopy(file, file.Length - end, padded, length - end, end);
        return padded;
    }
}
