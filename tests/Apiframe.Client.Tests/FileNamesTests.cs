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
    [InlineData("A red kite over a lighthouse", "a-red-kite-over-a-lighthouse-c2b426a8dacc")]
    [InlineData("  ../../etc/passwd  ", "etc-passwd-c2b426a8dacc")]
    [InlineData("CON", "con-c2b426a8dacc")]
    [InlineData("a\0b\nc*d?e[1]:f|g<h>i\"j\\k", "a-b-c-d-e-1-f-g-h-i-j-k-c2b426a8dacc")]
    [InlineData("trailing dots...", "trailing-dots-c2b426a8dacc")]
    [InlineData("crème brûlée", "crème-brûlée-c2b426a8dacc")]
    [InlineData("漢字", "漢字-c2b426a8dacc")]
    [InlineData("*.jpg?", "jpg-c2b426a8dacc")]
    [InlineData("COM1.txt", "com1-txt-c2b426a8dacc")]
    [InlineData("a\u202Egpj.exe", "a-gpj-exe-c2b426a8dacc")]
    [InlineData("🍌🍌", FakeService.JobId)]
    [InlineData("", FakeService.JobId)]
    [InlineData(null, FakeService.JobId)]
    public void A_name_contains_the_words_of_the_prompt_and_digits_from_the_job_ID(string? prompt, string name) =>
        Assert.Equal(name, FileNames.BaseName(Job(prompt), 0));

    [Fact]
    public void Images_of_one_request_are_numbered_after_the_prompt() =>
        Assert.Equal("kite-3-c2b426a8dacc", FileNames.BaseName(new BananaJob { JobId = Job("kite").JobId, Prompt = "kite", Number = 3 }, 0));

    [Fact]
    public void Further_images_of_a_job_are_numbered() => Assert.Equal("kite-c2b426a8dacc-2", FileNames.BaseName(Job("kite"), 1));

    [Theory]
    [InlineData("../etc/x", "image-etc-x-2215be8e0419")]
    [InlineData("CON", "image-con-a3dbc4b644a9")]
    [InlineData("..", "image-5ec1f7e700f3")]
    public void A_hostile_ID_does_not_lead_out_of_the_folder(string id, string name) => Assert.Equal(name, FileNames.BaseName(new BananaJob { JobId = id }, 0));

    [Theory]
    [InlineData("7d1f0c52-3b7e-11f0-9a55-2f6c1d8e4b90", "7d1f0c53-3b7e-11f0-9a55-2f6c1d8e4b90")]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b91")]
    [InlineData("job/1", "job-1")]
    [InlineData("JOB-1", "job-1")]
    public void Two_jobs_never_share_a_name(string one, string other)
    {
        foreach (string? prompt in new[] { "a kite", null })
        {
            Assert.NotEqual(
                FileNames.BaseName(new BananaJob { JobId = one, Prompt = prompt }, 0), FileNames.BaseName(new BananaJob { JobId = other, Prompt = prompt }, 0));
        }
    }

    [Theory]
    [InlineData("7D1F0C52-3B7E-4A0E-9A55-2F6C1D8E4B90")]
    [InlineData("7d1f0c523b7e4a0e9a552f6c1d8e4b90")]
    [InlineData("{7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90}")]
    public void A_job_has_the_same_name_for_each_spelling_of_its_ID(string id)
    {
        foreach (string? prompt in new[] { "a kite", null })
        {
            Assert.Equal(FileNames.BaseName(Job(prompt), 0), FileNames.BaseName(new BananaJob { JobId = id, Prompt = prompt }, 0));
        }
    }

    [Theory]
    [InlineData('x')]
    [InlineData('漢')]
    [InlineData('é')]
    public void The_longest_prompt_has_a_name_that_every_file_system_accepts(char sign)
    {
        string name = FileNames.BaseName(Job(new string(sign, 2000)), 12);

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 100);
    }

    [Theory]
    [InlineData("https://c.example/files/a%2Fb%5C..%2Fkite.png?sig=1", "image-kite")]
    [InlineData("https://c.example/", "image")]
    [InlineData("https://c.example/CON.png", "image-con")]
    [InlineData("https://c.example/kite", "image-kite")]
    public void An_image_without_a_job_is_named_after_its_URL(string url, string name) => Assert.Equal(name, FileNames.BaseName(new Uri(url)));

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
    public void A_specified_name_keeps_everything_but_the_characters_that_a_file_system_rejects(string chosen, string? name) =>
        Assert.Equal(name, FileNames.BaseName(chosen, 0));

    [Fact]
    public void A_specified_name_contains_no_half_of_a_surrogate_pair() => Assert.Equal("half - \U0001F34C", FileNames.BaseName("half \ud83c \U0001F34C", 0));

    [Theory]
    [InlineData("x")]
    [InlineData("\U0001F469\u200D\U0001F680")]
    [InlineData("e\u0301\u0323")]
    public void A_long_specified_name_is_cut_between_characters(string sign)
    {
        string name = FileNames.BaseName(string.Concat(Enumerable.Repeat(sign, 300)), 1)!;

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 100, 210);
        Assert.EndsWith("-2", name, StringComparison.Ordinal);
        Assert.Equal(name.Substring(0, name.Length - 2).Normalize(), string.Concat(Enumerable.Repeat(sign.Normalize(), 300)).Substring(0, name.Length - 2));
    }

    [Fact]
    public void A_name_contains_no_character_that_a_file_system_rejects()
    {
        string every = new(Enumerable.Range(0, 0x3000).Select(code => (char)code).ToArray());

        Assert.All(every.Chunk(50), chunk => Assert.DoesNotContain(
            FileNames.BaseName(Job(new string(chunk)), 0), sign => char.IsControl(sign) || Path.GetInvalidFileNameChars().Contains(sign) || "\\/:*?\"<>|.[]".Contains(sign)));
    }

    private static BananaJob Job(string? prompt) => new() { JobId = FakeService.JobId, Prompt = prompt };
}
