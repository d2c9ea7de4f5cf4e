using System;

namespace Apiframe.Emulator.Images;

/// <summary>A JPEG colour, each component less 128: what the DC coefficient of a block holds.</summary>
internal readonly struct YCbCr
{
    private YCbCr(double y, double cb, double cr)
    {
        Y = Clamp(y - 128);
        Cb = Clamp(cb);
        Cr = Clamp(cr);
    }

    public int Y { get; }

    public int Cb { get; }

    public int Cr { get; }

    public static YCbCr From(Rgb colour)
    {
        var y = 0.299 * colour.Red + 0.587 * colour.Green + 0.114 * colour.Blue;
        return new YCbCr(y, (colour.Blue - y) / 1.772, (colour.Red - y) / 1.402);
    }

    private static int Clamp(double value) => Math.Max(-128, Math.Min(127, (int)Math.Round(value)));
}
