using System;
using System.IO;
using System.Linq;
using System.Text;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("A red kite over a lighthouse", "a-red-kite-over-a-lighthouse-2f6c1d8e4b90")]
    [InlineData("  ../../etc/passwd  ", "etc-passwd-2f6c1d8e4b90")]
    [InlineData("CON", "con-2f6c1d8e4b90")]
    [InlineData("a\0b\nc*d?e[1]:f|g<h>i\"j\\k", "a-b-c-d-e-1-f-g-h-i-j-k-2f6c1d8e4b90")]
    [InlineData("trailing dots...", "trailing-dots-2f6c1d8e4b90")]
    [InlineData("crème brûlée", "crème-brûlée-2f6c1d8e4b90")]
    [InlineData("漢字", "漢字-2f6c1d8e4b90")]
    [InlineData("*.jpg?", "jpg-2f6c1d8e4b90")]
    [InlineData("COM1.txt", "com1-txt-2f6c1d8e4b90")]
    [InlineData("a\u202Egpj.exe", "a-gpj-exe-2f6c1d8e4b90")]
    [InlineData("🍌🍌", FakeService.JobId)]
    [InlineData("", FakeService.JobId)]
    [InlineData(null, FakeService.JobId)]
    public void A_name_is_the_prompt_s_words_and_the_end_of_the_id(string? prompt, string name) =>
        Assert.Equal(name, FileNames.BaseName(Job(prompt), 0));

    [Fact]
    public void Further_images_of_a_job_are_numbered() => Assert.Equal("kite-2f6c1d8e4b90-2", FileNames.BaseName(Job("kite"), 1));

    [Theory]
    [InlineData("../etc/x", "image-etc-x")]
    [InlineData("CON", "image-con")]
    [InlineData("..", "image")]
    public void A_hostile_id_cannot_leave_the_folder(string id, string name) => Assert.Equal(name, FileNames.BaseName(new BananaJob { JobId = id }, 0));

    [Theory]
    [InlineData('x')]
    [InlineData('漢')]
    [InlineData('é')]
    public void The_longest_prompt_makes_a_name_that_every_file_system_takes(char sign)
    {
        string name = FileNames.BaseName(Job(new string(sign, 2000)), 12);

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 100);
    }

    [Theory]
    [InlineData("https://c.example/files/a%2Fb%5C..%2Fkite.png?sig=1", "image-kite")]
    [InlineData("https://c.example/", "image")]
    [InlineData("https://c.example/CON.png", "image-con")]
    [InlineData("https://c.example/kite", "image-kite")]
    public void An_image_known_by_its_address_only_is_named_after_it(string url, string name) => Assert.Equal(name, FileNames.BaseName(new Uri(url)));

    [Theory]
    [InlineData("Hero Image, Q4", "Hero Image, Q4")]
    [InlineData("sku-4711.png", "sku-4711")]
    [InlineData("v1.2", "v1.2")]
    [InlineData("../../etc/passwd", "-..-etc-passwd")]
    [InlineData("a\\b:c*d?e", "a-b-c-d-e")]
    [InlineData(" .hidden. ", "hidden")]
    [InlineData("CON", "_CON")]
    [InlineData("lpt1.photo", "_lpt1.photo")]
    [InlineData("COM\u00B9", "_COM\u00B9")]
    [InlineData("console", "console")]
    [InlineData("\U0001F34C", "\U0001F34C")]
    [InlineData("a\u202Egpj", "a-gpj")]
    [InlineData(" ... ", null)]
    [InlineData(".png", "png")]
    public void A_name_that_was_chosen_is_kept_but_for_what_a_file_system_refuses(string chosen, string? name) =>
        Assert.Equal(name, FileNames.BaseName(chosen, 0));

    [Fact]
    public void A_name_that_was_chosen_has_no_half_characters() => Assert.Equal("half - \U0001F34C", FileNames.BaseName("half \ud83c \U0001F34C", 0));

    [Theory]
    [InlineData("x")]
    [InlineData("\U0001F469\u200D\U0001F680")]
    [InlineData("e\u0301\u0323")]
    public void A_long_name_that_was_chosen_is_cut_between_characters(string sign)
    {
        string name = FileNames.BaseName(string.Concat(Enumerable.Repeat(sign, 300)), 1)!;

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 100, 210);
        Assert.EndsWith("-2", name, StringComparison.Ordinal);
        Assert.Equal(name.Substring(0, name.Length - 2).Normalize(), string.Concat(Enumerable.Repeat(sign.Normalize(), 300)).Substring(0, name.Length - 2));
    }

    [Fact]
    public void No_name_holds_a_sign_that_any_file_system_refuses()
    {
        string every = new(Enumerable.Range(0, 0x3000).Select(code => (char)code).ToArray());

        Assert.All(every.Chunk(50), chunk => Assert.DoesNotContain(
            FileNames.BaseName(Job(new string(chunk)), 0), sign => char.IsControl(sign) || Path.GetInvalidFileNameChars().Contains(sign) || "\\/:*?\"<>|.[]".Contains(sign)));
    }

    private static BananaJob Job(string? prompt) => new() { JobId = FakeService.JobId, Prompt = prompt };
}
