using System;
using System.IO;
using System.Text;

namespace Apiframe.Client.Downloads;

/// <summary>An image format, told from the bytes themselves: the declared type and length of a download are not to be trusted.</summary>
internal sealed class ImageFormat
{
    /// <summary>How many leading bytes <see cref="Of(byte[])"/> looks at.</summary>
    public const int StartLength = 12;

    /// <summary>How far from the end of the file its end mark may lie: some tools put data of their own behind it.</summary>
    public const int EndLength = 64 * 1024;

    private static readonly ImageFormat Jpeg = new(".jpg", [0xFF, 0xD9]);
    private static readonly ImageFormat Png = new(".png", [(byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82]);
    private static readonly ImageFormat WebP = new(".webp", []);
    private static readonly ImageFormat Gif = new(".gif", [0x3B]);

    private readonly byte[] _endMark;

    private ImageFormat(string extension, byte[] endMark)
    {
        Extension = extension;
        _endMark = endMark;
    }

    /// <summary>The usual extension with its dot.</summary>
    public string Extension { get; }

    /// <summary>The format that a file with these leading bytes has; null for anything that is no image.</summary>
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
        Array.Resize(ref start, file.Read(start, 0, start.Length));
        return Of(start);
    }

    /// <summary>Whether a file of this format has its end. A server that cuts a file and declares the short length is found out by nothing else.</summary>
    /// <param name="start">Its first <see cref="StartLength"/> bytes.</param>
    /// <param name="end">Its last <see cref="EndLength"/> bytes.</param>
    /// <param name="length">Its length in bytes.</param>
    public bool IsWhole(byte[] start, byte[] end, long length) =>
        this == WebP ? length >= 8L + BitConverter.ToUInt32(start, 4) : end.AsSpan().LastIndexOf(_endMark) >= 0;

    private static bool Has(byte[] start, int offset, params byte[] signature) =>
        start.Length >= offset + signature.Length && start.AsSpan(offset, signature.Length).SequenceEqual(signature);
}
