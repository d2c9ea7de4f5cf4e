using System;
using System.IO;
using System.Text;

namespace Apiframe.Client.Save;

/// <summary>An image format, recognized by the bytes of a file, because the declared type and length of a download can be wrong.</summary>
public sealed class ImageFormat
{
    private const int StartLength = 12;

    private static readonly ImageFormat Jpeg = new(".jpg", WholeImage.IsJpeg);
    private static readonly ImageFormat Png = new(".png", WholeImage.IsPng);
    private static readonly ImageFormat WebP = new(".webp", WholeImage.IsWebP);
    private static readonly ImageFormat Gif = new(".gif", WholeImage.IsGif);

    private readonly Func<ImageBytes, bool> _isWhole;

    private ImageFormat(string extension, Func<ImageBytes, bool> isWhole)
    {
        Extension = extension;
        _isWhole = isWhole;
    }

    /// <summary>The usual extension, with its dot.</summary>
    public string Extension { get; }

    /// <summary>Returns the format of a file with these first bytes, or null if it is not an image.</summary>
    public static ImageFormat? Of(byte[] start)
    {
        if (Has(start, 0, 0xFF, 0xD8, 0xFF))
        {
            return Jpeg;
        }

        if (Has(start, 0, 0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A))
        {
            return Png;
        }

        if (Has(start, 0, Encoding.ASCII.GetBytes("RIFF")) && Has(start, 8, Encoding.ASCII.GetBytes("WEBP")))
        {
            return WebP;
        }

        return Has(start, 0, Encoding.ASCII.GetBytes("GIF8")) ? Gif : null;
    }

    /// <summary>Returns the format of a file at its start. Afterwards, the position is after the first bytes.</summary>
    public static ImageFormat? Of(Stream file)
    {
        var start = new byte[StartLength];
        int length = 0;
        int count;
        do
        {
            count = file.Read(start, length, start.Length - length);
            length += count;
        }
        while (count > 0 && length < start.Length);

        Array.Resize(ref start, length);
        return Of(start);
    }

    /// <summary>
    /// Returns the format of a file that can be read to the end of the image. Null if it is not an image, or if a part is missing or damaged. A file that a
    /// server has cut, with the length of the cut file, can be recognized only in this way.
    /// </summary>
    /// <param name="file">A stream that can seek. Only 128 KB of it are in memory at a time.</param>
    public static ImageFormat? OfWhole(Stream file)
    {
        file.Position = 0;
        ImageFormat? format = Of(file);
        if (format is null)
        {
            return null;
        }

        file.Position = 0;
        using var bytes = new ImageBytes(file);
        try
        {
            return format._isWhole(bytes) ? format : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns the format of a complete image on disk. Null if the file is not a complete image, does not exist, or is a symbolic link without a target.
    /// </summary>
    /// <exception cref="IOException">The file exists and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static ImageFormat? OfWholeFile(string path)
    {
        try
        {
            // The stream has no buffer of its own, because its reader has one.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return OfWhole(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool Has(byte[] start, int offset, params byte[] signature) =>
        start.Length >= offset + signature.Length && start.AsSpan(offset, signature.Length).SequenceEqual(signature);
}
