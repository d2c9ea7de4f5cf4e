namespace Apiframe.Emulator.Pictures;

/// <summary>What stands in the place of what was cut out of a picture.</summary>
internal enum Backdrop
{
    /// <summary>Nothing was cut out.</summary>
    Original,

    /// <summary>Nothing; the picture has an alpha channel.</summary>
    Transparent,

    /// <summary>Black, and white in the place of what was left: a map of what is where.</summary>
    Map,

    Green,
    White,

    /// <summary>A smooth sky.</summary>
    Blurred,

    /// <summary>The original, tinted.</summary>
    Overlaid,
}

/// <summary>All that an image depends on. It is drawn again each time, and always the same.</summary>
/// <param name="Seed">Where the random numbers of the painter start.</param>
/// <param name="Size">Width, height and tiles.</param>
/// <param name="Backdrop">What is behind the banana.</param>
/// <param name="IsReversed">Whether the banana was cut out, and not what is behind it.</param>
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
