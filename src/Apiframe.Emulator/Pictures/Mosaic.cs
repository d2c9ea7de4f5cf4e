using System;
using System.Collections.Generic;

namespace Apiframe.Emulator.Pictures;

/// <summary>
/// A picture of square tiles. Encoders write the tiles, not their pixels, so that a picture of 16 million pixels needs no more
/// memory than its file.
/// </summary>
internal sealed class Mosaic
{
    private const int TilesPerSide = 64;

    private readonly byte[] _tiles;

    public Mosaic(PictureSize size, IReadOnlyList<Rgb> palette)
    {
        Width = size.Width;
        Height = size.Height;
        TileSize = size.SquareSide / TilesPerSide;
        Columns = (Width + TileSize - 1) / TileSize;
        Rows = (Height + TileSize - 1) / TileSize;
        Palette = palette;
        _tiles = new byte[Columns * Rows];
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Side of a tile in pixels, a multiple of 8. Tiles at the right and bottom edge may be cut.</summary>
    public int TileSize { get; }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>256 colors.</summary>
    public IReadOnlyList<Rgb> Palette { get; }

    /// <summary>Index into the palette.</summary>
    public byte this[int column, int row]
    {
        get => _tiles[row * Columns + column];
        set => _tiles[row * Columns + column] = value;
    }

    public int ColumnWidth(int column) => Math.Min(TileSize, Width - column * TileSize);

    public int RowHeight(int row) => Math.Min(TileSize, Height - row * TileSize);
}

internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
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
