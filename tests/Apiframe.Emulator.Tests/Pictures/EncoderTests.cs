using System;
using System.Collections.Generic;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Service;
using SkiaSharp;
using Xunit;

namespace Apiframe.Emulator.Tests.Pictures;

public sealed class EncoderTests
{
    private static readonly string[] Resolutions = ["512px", "1K", "2K", "4K"];
    private static readonly string[] Ratios = ["1:1", "16:9", "3:4", "8:1"];

    public static TheoryData<string, string> Sizes()
    {
        var sizes = new TheoryData<string, string>();
        foreach (var resolution in Resolutions)
        {
            foreach (var ratio in Ratios)
            {
                sizes.Add(resolution, ratio);
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_format_decodes_to_the_size_and_the_colours_of_the_picture(string resolution, string ratio)
    {
        var picture = MosaicPainter.Paint(new SeededRandom(7).NextDouble, PictureSize.For(resolution, ratio));

        AssertShows(picture, PngEncoder.Encode(picture), SKEncodedImageFormat.Png, tolerance: 0);
        AssertShows(picture, WebpEncoder.Encode(picture), SKEncodedImageFormat.Webp, tolerance: 0);
        AssertShows(picture, JpegEncoder.Encode(picture), SKEncodedImageFormat.Jpeg, tolerance: 4);
    }

    [Fact]
    public void Every_format_holds_the_whole_range_of_colours()
    {
        var picture = new Mosaic(PictureSize.For("512px", null));
        for (var row = 0; row < picture.Rows; row++)
        {
            for (var column = 0; column < picture.Columns; column++)
            {
                // Black next to white is the largest step there is, and gives JPEG the bytes it has to escape.
                var i = (byte)(row * 64 + column * 5);
                picture[column, row] = (i % 3) switch
                {
                    0 => new Rgb(255, 255, 255),
                    1 => new Rgb(0, 0, 0),
                    _ => new Rgb((byte)(i * 7), (byte)(255 - i), (byte)(i * 31)),
                };
            }
        }

        AssertShows(picture, PngEncoder.Encode(picture), SKEncodedImageFormat.Png, tolerance: 0);
        AssertShows(picture, WebpEncoder.Encode(picture), SKEncodedImageFormat.Webp, tolerance: 0);
        AssertShows(picture, JpegEncoder.Encode(picture), SKEncodedImageFormat.Jpeg, tolerance: 4);
    }

    [Fact]
    public void Same_seed_gives_the_same_file_and_another_seed_another()
    {
        var size = PictureSize.For("512px", null);

        var first = PngEncoder.Encode(MosaicPainter.Paint(new SeededRandom(1).NextDouble, size));

        Assert.Equal(first, PngEncoder.Encode(MosaicPainter.Paint(new SeededRandom(1).NextDouble, size)));
        Assert.NotEqual(first, PngEncoder.Encode(MosaicPainter.Paint(new SeededRandom(2).NextDouble, size)));
    }

    private static void AssertShows(Mosaic picture, byte[] file, SKEncodedImageFormat format, int tolerance)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(file));
        Assert.NotNull(codec);
        Assert.Equal(format, codec.EncodedFormat);
        Assert.Equal((picture.Size.Width, picture.Size.Height), (codec.Info.Width, codec.Info.Height));

        using var bitmap = new SKBitmap(new SKImageInfo(picture.Size.Width, picture.Size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(bitmap.Info, bitmap.GetPixels()));
        foreach (var (column, row) in Tiles(picture))
        {
            var left = column * picture.Size.TileSize;
            var top = row * picture.Size.TileSize;
            var expected = picture[column, row];
            AssertNear(expected, bitmap.GetPixel(left, top), tolerance);
            AssertNear(expected, bitmap.GetPixel(left + picture.ColumnWidth(column) - 1, top + picture.RowHeight(row) - 1), tolerance);
        }
    }

    private static IEnumerable<(int Column, int Row)> Tiles(Mosaic picture)
    {
        for (var row = 0; row < picture.Rows; row++)
        {
            for (var column = 0; column < picture.Columns; column++)
            {
                yield return (column, row);
            }
        }
    }

    private static void AssertNear(Rgb expected, SKColor actual, int tolerance)
    {
        Assert.Equal(255, actual.Alpha);
        Assert.InRange(Math.Abs(expected.Red - actual.Red), 0, tolerance);
        Assert.InRange(Math.Abs(expected.Green - actual.Green), 0, tolerance);
        Assert.InRange(Math.Abs(expected.Blue - actual.Blue), 0, tolerance);
    }
}
