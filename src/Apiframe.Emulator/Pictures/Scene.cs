namespace Apiframe.Emulator.Pictures;

/// <summary>What a picture shows where something was removed from it.</summary>
internal enum Backdrop
{
    /// <summary>Nothing was removed.</summary>
    Original,

    /// <summary>Transparency. The picture has an alpha channel.</summary>
    Transparent,

    /// <summary>A mask: black where something was removed, and white elsewhere.</summary>
    Map,

    Green,
    White,

    /// <summary>A smooth sky.</summary>
    Blurred,

    /// <summary>The original with a tint.</summary>
    Overlaid,
}

/// <summary>The description of an image. The image is painted again for each download, and is always the same.</summary>
/// <param name="Seed">The seed of the random numbers.</param>
/// <param name="Size">The width, the height, and the size of the tiles.</param>
/// <param name="Backdrop">What is behind the banana.</param>
/// <param name="IsReversed">Whether the banana was removed instead of its background.</param>
internal sealed record Scene(ulong Seed, PictureSize Size, Backdrop Backdrop = Backdrop.Original, bool IsReversed = false)
{
    public byte[] Encode(string extension)
    {
        var picture = MosaicPainter.Paint(this);
        return extension switch
        {
            "png" => PngEncoder.Encode(picture),
            "webp" => WebpEncoder.Encode(picture),
            _ => JpegEncoder.Encode(picture),
        };
    }
}
