using System;
using System.IO;
using System.Text;

namespace Apiframe.Client.Save;

/// <summary>An image format, told from the bytes themselves: the declared type and length of a download are not to be trusted.</summary>
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

    /// <summary>The usual extension with its dot.</summary>
    public string Extension { get; }

    /// <summary>The format that a file with these leading bytes has; null for anything that is not an image.</summary>
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

    /// <summary>The format of a file that is open at its start; it is open behind its leading bytes afterwards.</summary>
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
    /// The format of a file that can be read from its start to the end of the image; null if it is not an image or a part of it is missing or damaged. A server
    /// that cuts a file and declares the short length is found out by nothing else.
    /// </summary>
    /// <param name="file">A stream that can seek. Of a file of any size, 128 KB are in memory at a time.</param>
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

    /// <summary>The format of a file on disk that is a whole image; null if it is not one, is not there, or is a symbolic link to nothing.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static ImageFormat? OfWholeFile(string path)
    {
        try
        {
            // No buffer of its own: what reads it has one.
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
