using System;
using System.IO;
using System.Text;

namespace Apiframe.Emulator.Images;

/// <summary>
/// Writes lossy WebP: one VP8 key frame (RFC 6386) of macroblocks in a single colour each. A macroblock copies the one to its left or above
/// where that has its colour, and else corrects the average of both; the steps are fine enough to hit every colour exactly.
/// </summary>
internal sealed class WebpEncoder
{
    private const int BlockSide = 16;

    /// <summary>The index whose DC step is 8, so that a chroma correction of 1 is a coefficient of 1 and a luma correction of 1 one of 4.</summary>
    private const int QuantizerIndex = 4;
    private const int LumaScale = 4;

    /// <summary>
    /// Every token probability in use is set to this in the header: then neither the 1056 defaults of the format nor the neighbours' tokens matter.
    /// </summary>
    private const int Even = 128;

    /// <summary>Probabilities of the extra bits of a coefficient, by the token's smallest value.</summary>
    private static readonly (int Smallest, byte[] ExtraBits)[] Categories =
    [
        (5, [159]),
        (7, [165, 145]),
        (11, [173, 148, 140]),
        (19, [176, 155, 140, 135]),
        (35, [180, 157, 141, 134, 130]),
        (67, [254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129]),
    ];

    private readonly Mosaic _picture;
    private readonly int _columns;
    private readonly int _rows;
    private readonly Yuv[] _above;
    private readonly BoolEncoder _modes = new();
    private readonly BoolEncoder _tokens = new();

    private WebpEncoder(Mosaic picture)
    {
        _picture = picture;
        _columns = (picture.Width + BlockSide - 1) / BlockSide;
        _rows = (picture.Height + BlockSide - 1) / BlockSide;
        _above = new Yuv[_columns];
    }

    public static byte[] Encode(Mosaic picture)
    {
        var encoder = new WebpEncoder(picture);
        encoder.WriteFrameHeader();
        encoder.WriteBlocks();
        return encoder.InContainer();
    }

    private void WriteFrameHeader()
    {
        _modes.WriteLiteral(0, 1); // colour space
        _modes.WriteLiteral(0, 1); // values are clamped
        _modes.WriteLiteral(0, 1); // no segments
        _modes.WriteLiteral(0, 1 + 6 + 3); // no loop filter: it would smear the tiles
        _modes.WriteLiteral(0, 1); // no filter adjustments
        _modes.WriteLiteral(0, 2); // one partition of tokens
        _modes.WriteLiteral(QuantizerIndex, 7);
        _modes.WriteLiteral(0, 5); // the same index for every kind of coefficient
        _modes.WriteLiteral(0, 1); // probabilities are for this frame only

        byte[] notReplaced = Vp8CoefficientProbabilities.NotReplaced();
        for (int i = 0; i < notReplaced.Length; i++)
        {
            bool replaced = IsUsed(i);
            _modes.Write(replaced, notReplaced[i]);
            if (replaced)
            {
                _modes.WriteLiteral(Even, 8);
            }
        }

        _modes.WriteLiteral(1, 1); // blocks without coefficients say so
        _modes.WriteLiteral(Even, 8);
    }

    /// <summary>Only the first coefficient of a block is ever there: band 0, and in band 1 the word that no other follows.</summary>
    private static bool IsUsed(int probability)
    {
        int band = probability / (Vp8CoefficientProbabilities.Contexts * Vp8CoefficientProbabilities.Nodes) % Vp8CoefficientProbabilities.Bands;
        return band is 0 or 1;
    }

    private void WriteBlocks()
    {
        for (int row = 0; row < _rows; row++)
        {
            Yuv? left = null;
            for (int column = 0; column < _columns; column++)
            {
                Yuv colour = ColourAt(column, row);
                WriteBlock(colour, left, row == 0 ? null : _above[column]);
                left = _above[column] = colour;
            }
        }
    }

    private void WriteBlock(Yuv colour, Yuv? left, Yuv? above)
    {
        bool isCopy = colour == left || colour == above;
        _modes.Write(isCopy, Even);
        if (isCopy)
        {
            WritePrediction(isAverage: false, isLeft: colour == left);
            return;
        }

        WritePrediction(isAverage: true, isLeft: false);
        Yuv average = left is { } a && above is { } b
            ? new Yuv((a.Y + b.Y + 1) / 2, (a.U + b.U + 1) / 2, (a.V + b.V + 1) / 2)
            : left ?? above ?? new Yuv(128, 128, 128);
        WriteCoefficient((colour.Y - average.Y) * LumaScale);
        for (int i = 0; i < 16; i++)
        {
            WriteCoefficient(0); // the sixteenths of the luma block have nothing to add
        }

        for (int i = 0; i < 4; i++)
        {
            WriteCoefficient(colour.U - average.U);
        }

        for (int i = 0; i < 4; i++)
        {
            WriteCoefficient(colour.V - average.V);
        }
    }

    /// <summary>The trees of luma and chroma modes, with the fixed probabilities of key frames.</summary>
    private void WritePrediction(bool isAverage, bool isLeft)
    {
        _modes.Write(true, 145); // predicted as a whole
        _modes.Write(isLeft, 156);
        _modes.Write(!isLeft && !isAverage, isLeft ? 128 : 163);

        _modes.Write(!isAverage, 142);
        if (!isAverage)
        {
            _modes.Write(isLeft, 114);
            if (isLeft)
            {
                _modes.Write(false, 183);
            }
        }
    }

    /// <summary>A coefficient and the word that no other follows; 0 is that word alone.</summary>
    private void WriteCoefficient(int value)
    {
        if (value == 0)
        {
            _tokens.Write(false, Even);
            return;
        }

        int size = Math.Abs(value);
        _tokens.WriteLiteral(0b11, 2); // something follows, and it is not zero
        if (size <= 4)
        {
            WriteSmall(size);
        }
        else
        {
            WriteLarge(size);
        }

        _tokens.Write(value < 0, 128);
        _tokens.Write(false, Even);
    }

    private void WriteSmall(int size)
    {
        switch (size)
        {
            case 1:
                _tokens.WriteLiteral(0b0, 1);
                break;
            case 2:
                _tokens.WriteLiteral(0b100, 3);
                break;
            case 3:
                _tokens.WriteLiteral(0b1010, 4);
                break;
            default:
                _tokens.WriteLiteral(0b1011, 4);
                break;
        }
    }

    private void WriteLarge(int size)
    {
        int category = Array.FindLastIndex(Categories, one => one.Smallest <= size);
        _tokens.WriteLiteral(0b11, 2);
        if (category < 2)
        {
            _tokens.WriteLiteral(category, 2); // 0 and one bit to choose
        }
        else
        {
            _tokens.WriteLiteral(0b100 | (category - 2), 3); // 1 and two bits to choose
        }

        (int smallest, byte[] extraBits) = Categories[category];
        for (int i = 0; i < extraBits.Length; i++)
        {
            _tokens.Write((((size - smallest) >> (extraBits.Length - 1 - i)) & 1) == 1, extraBits[i]);
        }
    }

    /// <summary>The colour of a macroblock; where tiles are smaller than it, their average.</summary>
    private Yuv ColourAt(int blockColumn, int blockRow)
    {
        int tilesPerBlock = Math.Max(1, BlockSide / _picture.TileSize);
        int column = blockColumn * BlockSide / _picture.TileSize;
        int row = blockRow * BlockSide / _picture.TileSize;
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int i = 0; i < tilesPerBlock * tilesPerBlock; i++)
        {
            Rgb tile = _picture.Palette[_picture[
                Math.Min(column + (i % tilesPerBlock), _picture.Columns - 1), Math.Min(row + (i / tilesPerBlock), _picture.Rows - 1)]];
            red += tile.Red;
            green += tile.Green;
            blue += tile.Blue;
        }

        return Yuv.From(red, green, blue, tilesPerBlock * tilesPerBlock);
    }

    private byte[] InContainer()
    {
        byte[] modes = _modes.Finish();
        byte[] tokens = _tokens.Finish();
        const int FrameHeader = 10;
        int length = FrameHeader + modes.Length + tokens.Length;
        int padding = length & 1;
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(Encoding.ASCII.GetBytes("RIFF"));
        writer.Write(4 + 8 + length + padding);
        writer.Write(Encoding.ASCII.GetBytes("WEBPVP8 "));
        writer.Write(length);

        int tag = 0b1_000_0 | (modes.Length << 5); // shown, version 0, a key frame; then the length of the first partition
        writer.Write((byte)tag);
        writer.Write((ushort)(tag >> 8));
        writer.Write([0x9d, 0x01, 0x2a]);
        writer.Write((ushort)_picture.Width);
        writer.Write((ushort)_picture.Height);
        writer.Write(modes);
        writer.Write(tokens);
        writer.Write(new byte[padding]);
        writer.Flush();
        return file.ToArray();
    }

    /// <summary>A colour as VP8 keeps it: BT.601 in the narrow range.</summary>
    private readonly record struct Yuv(int Y, int U, int V)
    {
        /// <summary>The mean of <paramref name="count"/> colours, given by the sums of their parts.</summary>
        public static Yuv From(double red, double green, double blue, int count) => new(
            (int)Math.Round(16 + (((0.257 * red) + (0.504 * green) + (0.098 * blue)) / count)),
            (int)Math.Round(128 + (((-0.148 * red) - (0.291 * green) + (0.439 * blue)) / count)),
            (int)Math.Round(128 + (((0.439 * red) - (0.368 * green) - (0.071 * blue)) / count)));
    }
}
