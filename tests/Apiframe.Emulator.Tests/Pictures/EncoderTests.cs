using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Emulator.Pictures;
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
    public void Every_format_decodes_to_the_size_and_the_colors_of_the_picture(string resolution, string ratio)
    {
        var picture = MosaicPainter.Paint(new Scene(7, PictureSize.For(resolution, ratio)));

        AssertShows(picture, PngEncoder.Encode(picture), SKEncodedImageFormat.Png, tolerance: 0);
        AssertShows(picture, WebpEncoder.Encode(picture), SKEncodedImageFormat.Webp, tolerance: 0);
        AssertShows(picture, JpegEncoder.Encode(picture), SKEncodedImageFormat.Jpeg, tolerance: 4);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 500)]
    [InlineData(1023, 769)]
    public void Every_format_decodes_to_any_source_size_and_its_multiples(int width, int height)
    {
        foreach (var factor in new[] { 1, 2, 6 })
        {
            var picture = MosaicPainter.Paint(new Scene(7, PictureSize.Of(width, height).Times(factor)));

            Assert.Equal((width * factor, height * factor), (picture.Size.Width, picture.Size.Height));
            AssertShows(picture, PngEncoder.Encode(picture), SKEncodedImageFormat.Png, tolerance: 0);
            AssertShows(picture, WebpEncoder.Encode(picture), SKEncodedImageFormat.Webp, tolerance: 0);
            AssertShows(picture, JpegEncoder.Encode(picture), SKEncodedImageFormat.Jpeg, tolerance: 4);
        }
    }

    [Fact]
    public void A_picture_without_its_background_has_an_alpha_channel_in_PNG_and_white_in_JPEG()
    {
        var picture = MosaicPainter.Paint(new Scene(7, PictureSize.For("512px", null), Backdrop.Transparent));
        using var png = SKBitmap.Decode(PngEncoder.Encode(picture), new SKImageInfo(512, 512, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using var jpeg = SKBitmap.Decode(JpegEncoder.Encode(picture));

        Assert.Equal(new SKColor(255, 255, 255, 0), png.GetPixel(0, 0));
        Assert.Equal(SKColors.White, jpeg.GetPixel(0, 0));
        Assert.Equal([(byte)0, (byte)255], png.Pixels.Select(pixel => pixel.Alpha).Distinct().Order());
    }

    [Fact]
    public void Every_format_contains_the_full_range_of_colors()
    {
        var picture = new Mosaic(PictureSize.For("512px", null));
        for (var row = 0; row < picture.Rows; row++)
        {
            for (var column = 0; column < picture.Columns; column++)
            {
                // Black next to white is the largest possible step, and makes the JPEG encoder write bytes that must be escaped.
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
    public void The_same_seed_gives_the_same_file_and_another_seed_gives_another()
    {
        var size = PictureSize.For("512px", null);

        var first = PngEncoder.Encode(MosaicPainter.Paint(new Scene(1, size)));

        Assert.Equal(first, PngEncoder.Encode(MosaicPainter.Paint(new Scene(1, size))));
        Assert.NotEqual(first, PngEncoder.Encode(MosaicPainter.Paint(new Scene(2, size))));
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
