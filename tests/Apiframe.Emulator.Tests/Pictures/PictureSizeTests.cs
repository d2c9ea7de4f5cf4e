using Apiframe.Emulator.Pictures;
using Xunit;

namespace Apiframe.Emulator.Tests.Pictures;

public sealed class PictureSizeTests
{
    [Theory]
    [InlineData(null, null, 1024, 1024)]
    [InlineData("512px", null, 512, 512)]
    [InlineData("2K", "1:1", 2048, 2048)]
    [InlineData("4K", "match_input_image", 4096, 4096)]
    [InlineData("1K", "16:9", 1360, 768)]
    [InlineData("1K", "9:16", 768, 1360)]
    [InlineData("4K", "3:4", 3552, 4736)]
    [InlineData("1K", "2.35:1", 1568, 672)]
    [InlineData("1K", "nonsense", 1024, 1024)]
    [InlineData("1K", "1:0", 1024, 1024)]
    [InlineData("1K", "-4:3", 1024, 1024)]
    [InlineData("1K", "4:3:2", 1024, 1024)]
    public void The_resolution_determines_the_area_and_the_ratio_determines_the_shape(string? resolution, string? ratio, int width, int height)
    {
        var size = PictureSize.For(resolution, ratio);

        Assert.Equal((width, height), (size.Width, size.Height));
    }

    [Theory]
    [InlineData("100:1", "8:1")]
    [InlineData("1:100", "1:8")]
    public void Ratios_are_limited_to_1_to_8(string asked, string given)
    {
        var size = PictureSize.For("4K", asked);
        var limit = PictureSize.For("4K", given);

        Assert.Equal((limit.Width, limit.Height), (size.Width, size.Height));
    }
}
