using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class ImageMetadataTests : IDisposable
{
    private static readonly BananaJob Job = new()
    {
        JobId = FakeService.JobId,
        Status = JobStatus.Completed,
        Prompt = "crème 漢 \"<b>\" 🍌\n2nd line",
        Options = new()
        {
            Model = "nano-banana-2",
            Resolution = "2K",
            AspectRatio = "16:9",
            OutputFormat = "png",
            ReferenceImage = ["https://cdn.example/a.png", "https://cdn.example/b.png"],
            GoogleSearch = true,
        },
        CreditCost = 7.5m,
        CreatedAt = new DateTimeOffset(2026, 11, 20, 10, 14, 3, 250, TimeSpan.FromHours(1)),
        CompletedAt = new DateTimeOffset(2026, 11, 20, 9, 14, 15, TimeSpan.Zero),
        ImageUrls = [new Uri("https://cdn.example/1.png"), new Uri("https://cdn.example/2.png")],
        IdempotencyKey = "key",
        RawJson = "{}",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Image => Path.Combine(_folder, "kite.png");

    private string Metadata => ImageMetadata.PathFor(Image);

    [Fact]
    public void Metadata_is_read_as_it_was_written()
    {
        Write(index: 1);

        BananaJob read = ImageMetadata.Read(Image)!;
        Assert.Equal(
            (Job.JobId, Job.Status, Job.Model, Job.Prompt, Job.Resolution, Job.AspectRatio, Job.OutputFormat, Job.CreditCost, Job.CreatedAt, Job.CompletedAt),
            (read.JobId, read.Status, read.Model, read.Prompt, read.Resolution, read.AspectRatio, read.OutputFormat, read.CreditCost, read.CreatedAt, read.CompletedAt));
        Assert.Equal(Job.ReferenceImage, read.ReferenceImage);
        Assert.True(read.GoogleSearch);
        Assert.False(read.ImageSearch);
        Assert.Equal(Job.ImageUrls[1], read.ImageUrl);
    }

    [Fact]
    public void Metadata_is_readable_UTF_8_and_always_has_the_same_properties_in_the_same_order()
    {
        Write();
        string full = File.ReadAllText(Metadata, new UTF8Encoding(false, throwOnInvalidBytes: true));
        ImageMetadata.Write(new FileInfo(Image), new BananaJob { JobId = "x" }, 0, replace: true);
        string bare = File.ReadAllText(Metadata);

        Assert.Contains("crème 漢", full);
        Assert.StartsWith("{" + Environment.NewLine + "  \"fileName\": \"kite.png\"", full);
        Assert.Contains("\"createdAt\": \"2026-11-20T09:14:03.250Z\"", full);
        Assert.Equal(Names(full), Names(bare));
    }

    [Fact]
    public void Signatures_and_passwords_of_addresses_are_not_written_to_metadata()
    {
        const string Signed = "X-Amz-Signature=0123";
        ImageMetadata.Write(
            new FileInfo(Image),
            new BananaJob
            {
                JobId = "x",
                Options = new() { ReferenceImage = [$"https://user:word@a.example/a@2x.png?{Signed}", "https://a.example/b@2x.png", $"https://a.example/c.png#{Signed}"] },
                ImageUrls = [new Uri($"https://cdn.example/1.png?{Signed}")],
            },
            0,
            replace: true);

        BananaJob read = ImageMetadata.Read(Image)!;
        Assert.DoesNotContain(Signed, File.ReadAllText(Metadata));
        Assert.Equal(["https://***@a.example/a@2x.png?***", "https://a.example/b@2x.png", "https://a.example/c.png#***"], read.ReferenceImage);
        Assert.Equal("https://cdn.example/1.png?***", read.ImageUrl!.ToString());
    }

    [Fact]
    public void Existing_metadata_is_replaced_only_on_request()
    {
        Write();
        BananaJob other = new() { JobId = "other" };

        ImageMetadata.Write(new FileInfo(Image), other, 0, replace: false);
        Assert.Equal(Job.JobId, ImageMetadata.Read(Image)!.JobId);

        ImageMetadata.Write(new FileInfo(Image), other, 0, replace: true);
        Assert.Equal("other", ImageMetadata.Read(Image)!.JobId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{ "jobId": "x" }""")]
    [InlineData("""{ "fileName": "kite.png", "jobId": 5 }""")]
    public void A_file_that_is_not_metadata_is_neither_read_nor_replaced(string text)
    {
        File.WriteAllText(Metadata, text);

        Assert.Null(ImageMetadata.Read(Image));
        var refused = Assert.Throws<ApiframeException>(() => Write());
        Assert.Equal(ApiframeErrorKind.MetadataConflict, refused.Kind);
        Assert.Equal(text, File.ReadAllText(Metadata));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_not_read()
    {
        File.WriteAllText(Metadata, $$"""{ "fileName": "kite.png", "jobId": "x", "more": "{{new string('x', 2_000_000)}}" }""");

        Assert.Null(ImageMetadata.Read(Image));
    }

    [Fact]
    public void A_symbolic_link_without_a_target_is_not_read_and_is_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links takes a privilege there.");
        File.CreateSymbolicLink(Metadata, Path.Combine(_folder, "nowhere.json"));

        Assert.Null(ImageMetadata.Read(Image));
        Assert.Equal(ApiframeErrorKind.MetadataConflict, Assert.Throws<ApiframeException>(() => Write()).Kind);
        Assert.NotNull(new FileInfo(Metadata).LinkTarget);
    }

    [Fact]
    public void Edited_metadata_is_read_as_far_as_its_properties_are_valid()
    {
        File.WriteAllText(
            Metadata,
            """{ "fileName": "kite.png", "jobId": "x", "creditCost": "12", "createdAt": "yesterday", "prompt": 5, "imageUrl": "file:///etc" }""",
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        BananaJob read = ImageMetadata.Read(Image)!;
        Assert.Equal((12m, null, null, null), (read.CreditCost, read.CreatedAt, read.Prompt, read.ImageUrl));
    }

    [Fact]
    public void An_image_without_metadata_has_no_job() => Assert.Null(ImageMetadata.Read(Image));

    [Fact]
    public void A_prompt_with_half_of_a_surrogate_pair_is_written()
    {
        ImageMetadata.Write(new FileInfo(Image), new BananaJob { JobId = "x", Prompt = "a\uD800b" }, 0, replace: false);

        Assert.Equal("a\uFFFDb", ImageMetadata.Read(Image)!.Prompt);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(int index = 0) => ImageMetadata.Write(new FileInfo(Image), Job, index, replace: true);

    private static string Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        var names = new StringBuilder();
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            names.Append(property.Name).Append(' ');
        }

        return names.ToString();
    }
}
