using System;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Pictures;

/// <summary>Paints a banana in front of a sun, in tiles. Colors and composition are random.</summary>
/// <param name="random">Returns the next random number from 0 (inclusive) to 1 (exclusive). The same numbers give the same picture.</param>
internal sealed class MosaicPainter(Func<double> random)
{
    private static readonly Rgb White = new(255, 255, 255);

    private readonly double _hue = random();
    private readonly double _hueRange = Between(random, 0.12, 0.3);
    private readonly double _skyAngle = Between(random, 0, 2 * Math.PI);
    private readonly double _sunX = Between(random, -0.5, 0.5);
    private readonly double _sunY = Between(random, -0.5, 0.1);
    private readonly double _sunRadius = Between(random, 0.3, 0.55);
    private readonly double _tilt = Between(random, -0.9, 0.9);
    private readonly double _bend = Between(random, 0.62, 0.8);
    private readonly double _girth = Between(random, 0.17, 0.24);

    public static Mosaic Paint(Scene scene)
    {
        var random = new SeededRandom(scene.Seed);
        var painter = new MosaicPainter(random.NextDouble);
        var mosaic = new Mosaic(scene.Size) { HasAlpha = scene.Backdrop == Backdrop.Transparent };
        var scale = Math.Min(mosaic.Columns, mosaic.Rows) / 2.0;
        for (var row = 0; row < mosaic.Rows; row++)
        {
            for (var column = 0; column < mosaic.Columns; column++)
            {
                var x = (column + 0.5 - mosaic.Columns / 2.0) / scale;
                var y = (row + 0.5 - mosaic.Rows / 2.0) / scale;

                // Each tile is slightly lighter or darker than the shape requires, which gives the appearance of a mosaic.
                var grain = Between(random.NextDouble, -0.06, 0.06);
                var banana = painter.Banana(x, y, grain);
                var color = banana ?? painter.Sun(x, y, grain) ?? painter.Sky(x, y, grain);
                var isLeft = scene.Backdrop == Backdrop.Original || banana is null == scene.IsReversed;
                mosaic[column, row] = isLeft
                    ? scene.Backdrop == Backdrop.Map ? White : color
                    : InPlaceOf(color, scene.Backdrop, smooth: painter.Sky(x, y, grain: 0));
            }
        }

        return mosaic;
    }

    /// <summary>Returns the color of a place where something was removed.</summary>
    private static Rgb InPlaceOf(Rgb color, Backdrop backdrop, Rgb smooth) => backdrop switch
    {
        Backdrop.Map => default,
        Backdrop.Green => new Rgb(0, 177, 64),
        Backdrop.White => White,
        Backdrop.Blurred => smooth,
        Backdrop.Overlaid => new Rgb((byte)(127 + color.Red / 2), (byte)(color.Green / 2), (byte)(color.Blue / 2)),
        _ => White with { IsTransparent = true },
    };

    // In the following methods, x and y go from -1 at the left and top of the central square to 1 at its right and bottom. The grain is added to the tone.

    /// <summary>
    /// Returns the color of the banana at a point, or null outside of it. It is an arc of a circle that is thick in the middle and has dark tips.
    /// </summary>
    private Rgb? Banana(double x, double y, double grain)
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

        var (tipTone, peelTone) = (Tone(0.5 - offset / 2 + grain), Tone(0.55 - offset * 0.45 + grain));
        return Math.Abs(angle) > 0.9
            ? Rgb.FromHsl(0.08, 0.5, 0.14 + 0.16 * tipTone)
            : Rgb.FromHsl(0.105 + 0.05 * peelTone, 0.95, 0.38 + 0.32 * peelTone);
    }

    private Rgb? Sun(double x, double y, double grain)
    {
        var fromSun = Distance(x - _sunX, y - _sunY) / _sunRadius;
        var tone = Tone(1 - fromSun + grain);
        return fromSun < 1 ? Rgb.FromHsl(_hue + 0.5 + 0.08 * tone, 0.7, 0.62 + 0.25 * tone) : null;
    }

    private Rgb Sky(double x, double y, double grain)
    {
        var tone = Tone(0.5 + (x * Math.Cos(_skyAngle) + y * Math.Sin(_skyAngle)) / 3 + grain);
        return Rgb.FromHsl(_hue + _hueRange * tone, 0.55, 0.22 + 0.5 * tone);
    }

    private static double Between(Func<double> random, double least, double most) => least + random() * (most - least);

    private static double Distance(double x, double y) => Math.Sqrt(x * x + y * y);

    private static double Tone(double tone) => Math.Min(1, Math.Max(0, tone));
}
