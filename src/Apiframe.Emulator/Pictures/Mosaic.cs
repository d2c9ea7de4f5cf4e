using System;
using System.Globalization;

namespace Apiframe.Emulator.Pictures;

/// <summary>
/// A picture of square tiles, each of one color. Encoders write tiles instead of pixels, so a picture of 16 million pixels needs no more memory than its file.
/// </summary>
internal sealed class Mosaic(PictureSize size)
{
    private readonly Rgb[,] _tiles = new Rgb[TilesOn(size, size.Width), TilesOn(size, size.Height)];

    public PictureSize Size => size;

    public bool HasAlpha { get; init; }

    /// <summary>The number of columns of tiles. Tiles at the right and bottom edges can be cut.</summary>
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

/// <summary>A color. A transparent color has components too, for formats without an alpha channel.</summary>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue, bool IsTransparent = false)
{
    /// <param name="hue">The hue in turns. Whole turns are ignored.</param>
    /// <param name="saturation">The saturation, 0 to 1.</param>
    /// <param name="lightness">The lightness, 0 to 1.</param>
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

/// <summary>The width, the height, and the side of a tile, in pixels. The side is a multiple of 8, the size of JPEG blocks.</summary>
internal readonly record struct PictureSize(int Width, int Height, int TileSize)
{
    private const int Grid = 16;
    private const int TilesOnSquareSide = 64;
    private const double WidestRatio = 8;
    private const int Block = 8;

    public long Pixels => (long)Width * Height;

    /// <summary>The longest side in pixels that a format supports.</summary>
    public static int LongestSide(string extension) => extension == "webp" ? 16384 : 65535;

    /// <summary>Returns a picture size of any width and height, with about as many tiles as other pictures.</summary>
    public static PictureSize Of(int width, int height) =>
        new(width, height, Math.Max(1, Math.Min(width, height) / TilesOnSquareSide / Block) * Block);

    /// <summary>Returns the size of a picture for a request. Width and height are multiples of 16. Their product depends only on the resolution.</summary>
    /// <param name="resolution">512px, 1K, 2K, or 4K. Null means 1K.</param>
    /// <param name="aspectRatio">W:H, limited to 1:8 to 8:1. Any other value means a square.</param>
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

    /// <summary>Returns a size with the same tiles, each multiplied by a factor.</summary>
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
