using System;

namespace Apiframe.Emulator.Pictures;

/// <summary>Paints a banana in front of a sun, in tiles; colors and composition are drawn at random.</summary>
/// <param name="random">The next random number, 0 inclusive to 1 exclusive. The same numbers give the same picture.</param>
/// <param name="size">How large the picture is.</param>
internal sealed class MosaicPainter(Func<double> random, PictureSize size)
{
    // The palette is cut into ramps, one for each thing painted.
    private static readonly (int Start, int Tones) Sky = (0, 160);
    private static readonly (int Start, int Tones) Sun = (160, 32);
    private static readonly (int Start, int Tones) Peel = (192, 48);
    private static readonly (int Start, int Tones) Tip = (240, 16);

    private readonly double _hue = random();
    private readonly double _hueRange = Between(random, 0.12, 0.3);
    private readonly double _skyAngle = Between(random, 0, 2 * Math.PI);
    private readonly double _sunX = Between(random, -0.5, 0.5);
    private readonly double _sunY = Between(random, -0.5, 0.1);
    private readonly double _sunRadius = Between(random, 0.3, 0.55);
    private readonly double _tilt = Between(random, -0.9, 0.9);
    private readonly double _bend = Between(random, 0.62, 0.8);
    private readonly double _girth = Between(random, 0.17, 0.24);

    public static Mosaic Paint(Func<double> random, PictureSize size) => new MosaicPainter(random, size).Paint();

    private Mosaic Paint()
    {
        var mosaic = new Mosaic(size, MixPalette());
        var scale = Math.Min(mosaic.Columns, mosaic.Rows) / 2.0;
        var skyDepth = 1.1 * (mosaic.Columns * Math.Abs(Math.Cos(_skyAngle)) + mosaic.Rows * Math.Abs(Math.Sin(_skyAngle))) / scale;
        for (var row = 0; row < mosaic.Rows; row++)
        {
            for (var column = 0; column < mosaic.Columns; column++)
            {
                // Each tile is a little lighter or darker than its place asks for: that makes it a mosaic.
                var grain = Between(random, -0.06, 0.06);
                var x = (column + 0.5 - mosaic.Columns / 2.0) / scale;
                var y = (row + 0.5 - mosaic.Rows / 2.0) / scale;
                mosaic[column, row] = BananaTone(x, y, grain) ?? SunTone(x, y, grain) ?? SkyTone(x, y, skyDepth, grain);
            }
        }

        return mosaic;
    }

    private Rgb[] MixPalette()
    {
        var palette = new Rgb[256];
        Fill(Sky, t => Rgb.FromHsl(_hue + _hueRange * t, 0.55, 0.22 + 0.5 * t));
        Fill(Sun, t => Rgb.FromHsl(_hue + 0.5 + 0.08 * t, 0.7, 0.62 + 0.25 * t));
        Fill(Peel, t => Rgb.FromHsl(0.105 + 0.05 * t, 0.95, 0.38 + 0.32 * t));
        Fill(Tip, t => Rgb.FromHsl(0.08, 0.5, 0.14 + 0.16 * t));
        return palette;

        void Fill((int Start, int Tones) ramp, Func<double, Rgb> color)
        {
            for (var i = 0; i < ramp.Tones; i++)
            {
                palette[ramp.Start + i] = color(i / (ramp.Tones - 1.0));
            }
        }
    }

    // In the following, x and y go from -1 at the left and top of the central square to 1 at its right and bottom; grain is added to the tone.

    /// <summary>A banana is a bow of a circle, thick in the middle, with dark tips.</summary>
    private byte? BananaTone(double x, double y, double grain)
    {
        const double HalfLength = 1.15;
        var across = x * Math.Cos(_tilt) + y * Math.Sin(_tilt);
        var down = y * Math.Cos(_tilt) - x * Math.Sin(_tilt) + _bend * 0.6;
        var angle = Math.Atan2(across, down) / HalfLength;
        var thickness = _girth * Math.Sqrt(Math.Max(0, 1 - angle * angle * 0.96));
        var offset = (Distance(across, down) - _bend) / thickness;
        if (Math.Abs(angle) > 1 || Math.Abs(offset) > 1)
        {
            return null;
        }

        return Math.Abs(angle) > 0.9 ? Tone(Tip, 0.5 - offset / 2 + grain) : Tone(Peel, 0.55 - offset * 0.45 + grain);
    }

    private byte? SunTone(double x, double y, double grain)
    {
        var fromSun = Distance(x - _sunX, y - _sunY) / _sunRadius;
        return fromSun < 1 ? Tone(Sun, 1 - fromSun + grain) : null;
    }

    private byte SkyTone(double x, double y, double depth, double grain) =>
        Tone(Sky, 0.5 + (x * Math.Cos(_skyAngle) + y * Math.Sin(_skyAngle)) / depth + grain);

    private static double Between(Func<double> random, double least, double most) => least + random() * (most - least);

    private static double Distance(double x, double y) => Math.Sqrt(x * x + y * y);

    private static byte Tone((int Start, int Tones) ramp, double tone) =>
        (byte)(ramp.Start + Math.Min(ramp.Tones - 1, Math.Max(0, (int)(tone * ramp.Tones))));
}
