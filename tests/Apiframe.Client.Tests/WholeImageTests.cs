using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests that complete images are recognized by their bytes alone.</summary>
public sealed class WholeImageTests
{
    public static TheoryData<string> Extensions => [.. SampleImages.ByExtension.Keys];

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "nothing", [] },
        { "zeros", new byte[1000] },
        { "text", "<html>try later</html>"u8.ToArray() },
        { "a PNG with a changed byte in its data", Changed(SampleImages.Png, at: 42) },
        { "a PNG with a changed length of a chunk", Changed(SampleImages.Png, at: 36) },
        { "a PNG with a chunk that is longer than any can be", [.. SampleImages.Png[..8], 0xFF, 0xFF, 0xFF, 0xFF, .. SampleImages.Png[12..]] },
        { "a PNG without pixels", [.. SampleImages.Png[..33], .. SampleImages.Chunk("IEND", [])] },
        { "a PNG without a header", [.. SampleImages.Png[..8], .. SampleImages.Png[33..]] },
        { "a JPEG that ends behind its thumbnail", SampleImages.Jpeg[..(SampleImages.Jpeg.AsSpan().IndexOf<byte>([0xFF, 0xD9]) + 2)] },
        { "a JPEG without a scan", [0xFF, 0xD8, 0xFF, 0xC0, 0, 4, 1, 1, 0xFF, 0xD9] },
        { "a JPEG without a frame", [0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 1, 1, 5, 5, 0xFF, 0xD9] },
        { "a JPEG with a segment shorter than its own length", [0xFF, 0xD8, 0xFF, 0xC0, 0, 1, 0xFF, 0xDA, 0, 2, 0xFF, 0xD9] },
        { "a JPEG that starts anew in the middle", [.. SampleImages.Jpeg[..^10], .. SampleImages.Jpeg] },
        { "a WebP without pixels", SampleImages.WebPOf([.. "EXIF"u8, 2, 0, 0, 0, 1, 1]) },
        { "a WebP of zeros", SampleImages.WebPOf(new byte[100]) },
        { "a WebP with a chunk that is longer than the file", SampleImages.WebPOf([.. "VP8 "u8, 5, 0, 0, 0, 9, 9, 9, 9]) },
        { "a GIF without pixels", [.. SampleImages.Gif[..19], 0x3B] },
        { "a GIF with an unknown block", [.. SampleImages.Gif[..19], 0x11, .. SampleImages.Gif[19..]] },
    };

    [Theory]
    [MemberData(nameof(Extensions))]
    public void A_complete_image_is_recognized_by_its_bytes(string extension) => Assert.Equal(extension, FormatOf(SampleImages.ByExtension[extension]));

    [Theory]
    [MemberData(nameof(Extensions))]
    public void An_image_that_is_cut_at_any_byte_is_not_complete(string extension)
    {
        byte[] whole = SampleImages.ByExtension[extension];

        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Null(FormatOf(whole[..length])));
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public void Bytes_after_the_end_of_an_image_are_accepted(string extension) =>
        Assert.Equal(extension, FormatOf([.. SampleImages.ByExtension[extension], .. new byte[1000], 0xFF, 0xD8, 0x3B]));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_damaged_image_is_not_complete(string what, byte[] content) => Assert.True(FormatOf(content) is null, what);

    [Fact]
    public void An_image_larger_than_the_buffer_is_read_to_its_end()
    {
        byte[] noise = new byte[1_000_000];
        new Random(1).NextBytes(noise);
        byte[] scan = [.. noise.Where(value => value != 0xFF)];
        Dictionary<string, byte[]> large = new()
        {
            [".png"] = SampleImages.PngOf(noise),
            [".jpg"] = SampleImages.JpegOf(scan),
            [".webp"] = SampleImages.WebPOf([.. "VP8L"u8, .. BitConverter.GetBytes(noise.Length), .. noise]),
        };

        Assert.All(large, image => Assert.Equal(image.Key, FormatOf(image.Value)));
        Assert.All(large, image => Assert.Null(FormatOf(image.Value[..^2])));
        Assert.Null(FormatOf(Changed(large[".png"], at: 500_000)));
    }

    [Fact]
    public void A_stream_that_returns_one_byte_at_a_time_is_read_completely()
    {
        using var stream = new DrippingStream(SampleImages.Png);

        Assert.Equal(".png", ImageFormat.OfWhole(stream)?.Extension);
    }

    private static string? FormatOf(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return ImageFormat.OfWhole(stream)?.Extension;
    }

    private static byte[] Changed(byte[] image, int at) => [.. image[..at], (byte)(image[at] ^ 1), .. image[(at + 1)..]];

    private sealed class DrippingStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
