using System;
using System.Globalization;

namespace Apiframe.Emulator.Pictures;

/// <summary>
/// A picture of square tiles, each of one color. Encoders write the tiles, not their pixels, so that a picture of 16 million pixels needs
/// no more memory than its file.
/// </summary>
internal sealed class Mosaic(PictureSize size)
{
    private readonly Rgb[,] _tiles = new Rgb[TilesOn(size, size.Width), TilesOn(size, size.Height)];

    public PictureSize Size => size;

    /// <summary>Whether some of it may be transparent.</summary>
    public bool HasAlpha { get; init; }

    /// <summary>Tiles at the right and bottom edge may be cut.</summary>
    public int Columns => _tiles.GetLength(0);

    public int Rows => _tiles.GetLength(1);

    public Rgb this[int column, int row]
    {
        get => _tiles[column, row];
        set => _tiles[column, row] = value;
    }

    public int ColumnWidth(int column) => Math.Min(size.TileSize, size.Width - column * size.TileSize);

    public int RowHeight(int row) => Math.Min(size.TileSize, size.Height - row * size.TileSize);

    private static int TilesOn(PictureSize size, int side) => (side + size.TileSize - 1) / size.TileSize;
}

/// <summary>A color. What is transparent has one too, for formats without an alpha channel.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue, bool IsTransparent = false)
{
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

/// <summary>Width, height and side of a tile in pixels. A tile is a multiple of 8, as blocks of JPEG are.</summary>
internal readonly record struct PictureSize(int Width, int Height, int TileSize)
{
    private const int Grid = 16;
    private const int TilesOnSquareSide = 64;
    private const double WidestRatio = 8;
    private const int Block = 8;

    public long Pixels => (long)Width * Height;

    /// <summary>The longest side that a format can tell.</summary>
    public static int LongestSide(string extension) => extension == "webp" ? 16384 : 65535;

    /// <summary>Any size, in about as many tiles as others.</summary>
    public static PictureSize Of(int width, int height) =>
        new(width, height, Math.Max(1, Math.Min(width, height) / TilesOnSquareSide / Block) * Block);

    /// <summary>The size of a picture for a request. Width and height are multiples of 16; their product depends on the resolution alone.</summary>
    /// <param name="resolution">512px, 1K, 2K or 4K; null is 1K.</param>
    /// <param name="aspectRatio">W:H, brought within 1:8 to 8:1. Anything else is square.</param>
    public static PictureSize For(string? resolution, string? aspectRatio)
    {
        var side = resolution switch
        {
            "512px" => 512,
            "2K" => 2048,
            "4K" => 4096,
            _ => 1024,
        };
        var stretch = Math.Sqrt(Math.Min(WidestRatio, Math.Max(1 / WidestRatio, RatioOf(aspectRatio))));
        return new PictureSize(OnGrid(side * stretch), OnGrid(side / stretch), side / TilesOnSquareSide);
    }

    /// <summary>The same tiles, each so many times as wide and as high.</summary>
    public PictureSize Times(int factor) => new(Width * factor, Height * factor, TileSize * factor);

    private static int OnGrid(double pixels) => (int)Math.Round(pixels / Grid) * Grid;

    private static double RatioOf(string? text)
    {
        var parts = text?.Split(':');
        return parts?.Length == 2 && TryNumber(parts[0], out var width) && TryNumber(parts[1], out var height) ? width / height : 1;
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && number > 0
        && !double.IsInfinity(number);
}
