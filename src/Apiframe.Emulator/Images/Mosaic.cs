using System;
using System.Collections.Generic;

namespace Apiframe.Emulator.Images;

/// <summary>
/// A picture of square tiles. Encoders write the tiles, not their pixels, so that a picture of 16 million pixels costs no more
/// memory than its file.
/// </summary>
internal sealed class Mosaic
{
    private const int TilesPerSide = 64;

    private readonly byte[] _tiles;

    public Mosaic(ImageSize size, IReadOnlyList<Rgb> palette)
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

    /// <summary>256 colours.</summary>
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
