using System;

namespace Apiframe.Emulator.Images;

internal readonly struct Rgb
{
    public Rgb(byte red, byte green, byte blue)
    {
        Red = red;
        Green = green;
        Blue = blue;
    }

    public byte Red { get; }

    public byte Green { get; }

    public byte Blue { get; }

    /// <param name="hue">In turns; whole turns do not matter.</param>
    /// <param name="saturation">0 to 1.</param>
    /// <param name="lightness">0 to 1.</param>
    public static Rgb FromHsl(double hue, double saturation, double lightness)
    {
        var reach = saturation * Math.Min(lightness, 1 - lightness);
        return new Rgb(Channel(0), Channel(8), Channel(4));

        byte Channel(int offset)
        {
            var k = (offset + (hue - Math.Floor(hue)) * 12) % 12;
            return (byte)Math.Round(255 * (lightness - reach * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
        }
    }
}
