using System;

namespace Apiframe.Emulator.Uploads;

/// <summary>The kinds of files that can be uploaded, told from their first bytes.</summary>
internal sealed class ImageKind
{
    private static readonly byte[] PngMark = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly byte[] JpegMark = [0xFF, 0xD8, 0xFF];

    private static readonly ImageKind Png = new("png", "image/png");
    private static readonly ImageKind Jpeg = new("jpg", "image/jpeg");
    private static readonly ImageKind Gif = new("gif", "image/gif");
    private static readonly ImageKind Webp = new("webp", "image/webp");

    private ImageKind(string extension, string mediaType)
    {
        Extension = extension;
        MediaType = mediaType;
    }

    /// <summary>Without the dot.</summary>
    public string Extension { get; }

    public string MediaType { get; }

    /// <returns>Null for a file of another kind.</returns>
    public static ImageKind? Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngMark))
        {
            return Png;
        }

        if (file.StartsWith(JpegMark))
        {
            return Jpeg;
        }

        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
        {
            return Gif;
        }

        // Four bytes of length stand between the two marks.
        return file.StartsWith("RIFF"u8) && file.Length >= 12 && file.Slice(8).StartsWith("WEBP"u8) ? Webp : null;
    }
}
