using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class EditRecordTests
{
    private static readonly ImageEdit Upscale = new() { Upscale = 2 };

    private static readonly EditRecord Record = new(new SubmitRequest { Prompt = string.Empty, Edit = Upscale }, "night", "autumn.jsonl");

    private static readonly EditRecord WithoutEdit = Record with { Request = Record.Request with { Edit = null } };

    [Theory]
    [InlineData("/photos/red mug.png", "red mug")]
    [InlineData("https://a.example/files/red%20mug.png?signature=x", "red mug")]
    [InlineData("https://a.example/", "")]
    public void The_description_of_an_image_is_its_file_name(string image, string name)
    {
        ImageOrder order = Record.ForImage(image, madeBy: null);

        Assert.Equal((name, Upscale, "night", "autumn.jsonl"), (order.Request.Prompt, order.Request.Edit, order.Scope, order.Journal));
        Assert.Equal([image], order.References);
    }

    [Fact]
    public void The_description_of_a_saved_image_is_the_prompt_of_its_job() =>
        Assert.Equal("a kite", Record.ForImage("/images/a-kite-5a0b3c64d1e2.png", Job("COMPLETED", edit: null)).Request.Prompt);

    [Fact]
    public void An_edit_of_a_job_uses_its_image_and_its_prompt()
    {
        BananaJob job = Job("COMPLETED", edit: null);

        ImageOrder order = Record.ForJob(job);

        Assert.Equal([job], order.References);
        Assert.Equal(("a kite", Upscale), (order.Request.Prompt, order.Request.Edit));
        Assert.Same(job, order.Target);
    }

    [Theory]
    [InlineData("FAILED")]
    [InlineData("CANCELLED")]
    public void A_failed_edit_is_submitted_again_unchanged_if_no_other_edit_is_specified(string status)
    {
        ImageOrder order = WithoutEdit.ForJob(Job(status, Upscale));

        Assert.Equal(("a kite", Upscale, "clarity-upscale", "webp"), (order.Request.Prompt, order.Request.Edit, order.Request.Model, order.Request.OutputFormat));
        Assert.Equal(["https://a.example/1.png"], order.References);
    }

    [Theory]
    [InlineData("COMPLETED", true)]
    [InlineData("PROCESSING", true)]
    [InlineData("FAILED", false)]
    public void Without_a_specified_edit_only_a_failed_edit_is_submitted_again(string status, bool isEdit) =>
        Assert.Contains("Neither -RemoveBackground nor -Upscale", Assert.Throws<ApiframeException>(() => WithoutEdit.ForJob(Job(status, isEdit ? Upscale : null))).Message);

    [Fact]
    public void A_piped_request_is_submitted_again_unchanged_under_its_own_key()
    {
        SubmitRequest request = new() { Prompt = "a kite", Edit = Upscale, IdempotencyKey = "k", ReferenceImage = ["https://a.example/1.png"] };

        Assert.Equal(request, WithoutEdit.Again(request).Request);
        Assert.Contains("omit -RemoveBackground and -Upscale", Assert.Throws<ApiframeException>(() => Record.Again(request)).Message);
        Assert.Contains("Pipe it to New-BananaImage", Assert.Throws<ApiframeException>(() => WithoutEdit.Again(request with { Edit = null })).Message);
    }

    private static BananaJob Job(string status, ImageEdit? edit) => BananaJob.FromRecord(
        "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90",
        status,
        "a kite",
        new ImageOptions { Edit = edit, Model = "clarity-upscale", OutputFormat = "webp", ReferenceImage = ["https://a.example/1.png"] });
}
