using System;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Images;

/// <summary>Paints a banana before a sun, in tiles; colours and composition depend on the seed.</summary>
internal sealed class MosaicPainter
{
    // The palette is cut into ramps, one for each thing painted.
    private const int SkyTones = 160;
    private const int SunTones = 32;
    private const int PeelTones = 48;
    private const int TipTones = 16;
    private const int SunStart = SkyTones;
    private const int PeelStart = SunStart + SunTones;
    private const int TipStart = PeelStart + PeelTones;

    private readonly SeededRandom _random;
    private readonly Mosaic _mosaic;
    private readonly double _scale;
    private readonly double _skyAngle;
    private readonly double _skyDepth;
    private readonly double _sunX;
    private readonly double _sunY;
    private readonly double _sunRadius;
    private readonly double _tilt;
    private readonly double _bend;
    private readonly double _girth;

    private MosaicPainter(ulong seed, ImageSize size)
    {
        _random = new SeededRandom(seed);
        _mosaic = new Mosaic(size, MixPalette(_random));
        _scale = Math.Min(_mosaic.Columns, _mosaic.Rows) / 2.0;
        _skyAngle = _random.NextBetween(0, 2 * Math.PI);
        _skyDepth = 1.1 * (_mosaic.Columns * Math.Abs(Math.Cos(_skyAngle)) + _mosaic.Rows * Math.Abs(Math.Sin(_skyAngle))) / _scale;
        _sunX = _random.NextBetween(-0.5, 0.5);
        _sunY = _random.NextBetween(-0.5, 0.1);
        _sunRadius = _random.NextBetween(0.3, 0.55);
        _tilt = _random.NextBetween(-0.9, 0.9);
        _bend = _random.NextBetween(0.62, 0.8);
        _girth = _random.NextBetween(0.17, 0.24);
    }

    public static Mosaic Paint(ulong seed, ImageSize size)
    {
        var painter = new MosaicPainter(seed, size);
        painter.PaintTiles();
        return painter._mosaic;
    }

    private static Rgb[] MixPalette(SeededRandom random)
    {
        var palette = new Rgb[SkyTones + SunTones + PeelTones + TipTones];
        var hue = random.NextDouble();
        var turn = random.NextBetween(0.12, 0.3);
        Fill(0, SkyTones, t => Rgb.FromHsl(hue + turn * t, 0.55, 0.22 + 0.5 * t));
        Fill(SunStart, SunTones, t => Rgb.FromHsl(hue + 0.5 + 0.08 * t, 0.7, 0.62 + 0.25 * t));
        Fill(PeelStart, PeelTones, t => Rgb.FromHsl(0.105 + 0.05 * t, 0.95, 0.38 + 0.32 * t));
        Fill(TipStart, TipTones, t => Rgb.FromHsl(0.08, 0.5, 0.14 + 0.16 * t));
        return palette;

        void Fill(int start, int count, Func<double, Rgb> colour)
        {
            for (var i = 0; i < count; i++)
            {
                palette[start + i] = colour(i / (count - 1.0));
            }
        }
    }

    private void PaintTiles()
    {
        for (var row = 0; row < _mosaic.Rows; row++)
        {
            for (var column = 0; column < _mosaic.Columns; column++)
            {
                // Each tile is a little lighter or darker than its place asks for: that makes it a mosaic.
                var grain = _random.NextBetween(-0.06, 0.06);
                var x = (column + 0.5 - _mosaic.Columns / 2.0) / _scale;
                var y = (row + 0.5 - _mosaic.Rows / 2.0) / _scale;
                _mosaic[column, row] = ToneAt(x, y, grain);
            }
        }
    }

    /// <param name="x">From -1 at the left of the central square to 1 at its right.</param>
    /// <param name="y">From -1 at its top to 1 at its bottom.</param>
    /// <param name="grain">Added to the tone.</param>
    private byte ToneAt(double x, double y, double grain)
    {
        if (BananaTone(x, y, grain) is { } banana)
        {
            return banana;
        }

        var fromSun = Distance(x - _sunX, y - _sunY) / _sunRadius;
        if (fromSun < 1)
        {
            return Tone(SunStart, SunTones, 1 - fromSun + grain);
        }

        var along = x * Math.Cos(_skyAngle) + y * Math.Sin(_skyAngle);
        return Tone(0, SkyTones, 0.5 + along / _skyDepth + grain);
    }

    /// <summary>A banana is a bow of a circle, thick in the middle, with dark tips.</summary>
    private byte? BananaTone(double x, double y, double grain)
    {
        const double HalfLength = 1.15;
        var across = x * Math.Cos(_tilt) + y * Math.Sin(_tilt);
        var down = y * Math.Cos(_tilt) - x * Math.Sin(_tilt) + _bend * 0.6;
        var angle = Math.Atan2(across, down) / HalfLength;
        if (Math.Abs(angle) > 1)
        {
            return null;
        }

        var thickness = _girth * Math.Sqrt(1 - angle * angle * 0.96);
        var offset = (Distance(across, down) - _bend) / thickness;
        if (Math.Abs(offset) > 1)
        {
            return null;
        }

        return Math.Abs(angle) > 0.9
            ? Tone(TipStart, TipTones, 0.5 - offset / 2 + grain)
            : Tone(PeelStart, PeelTones, 0.55 - offset * 0.45 + grain);
    }

    private static double Distance(double x, double y) => Math.Sqrt(x * x + y * y);

    private static byte Tone(int start, int count, double tone) =>
        (byte)(start + Math.Min(count - 1, Math.Max(0, (int)(tone * count))));
}
