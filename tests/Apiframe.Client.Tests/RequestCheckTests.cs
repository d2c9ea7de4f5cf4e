using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class RequestCheckTests
{
    public static TheoryData<SubmitRequest, string> Refused => new()
    {
        { new SubmitRequest { Prompt = "" }, "Prompt is empty" },
        { new SubmitRequest { Prompt = "   " }, "Prompt is empty" },
        { new SubmitRequest { Prompt = new string('x', 2001) }, "has 2001 characters. At most 2000" },
        { new SubmitRequest { Prompt = "x", Resolution = "big" }, "Resolution 'big' is not allowed. Use one of these values: 512px, 1K, 2K, 4K" },
        { new SubmitRequest { Prompt = "x", Resolution = "K" }, "Resolution 'K' is not allowed" },
        { new SubmitRequest { Prompt = "x", Resolution = "2Kpx" }, "Resolution '2Kpx' is not allowed" },
        { new SubmitRequest { Prompt = "x", Resolution = "2" }, "Resolution '2' is not allowed" },
        { new SubmitRequest { Prompt = "x", OutputFormat = "avif" }, "OutputFormat 'avif' is not allowed. Use one of these values: jpg, png, webp" },
        { new SubmitRequest { Prompt = "x", ReferenceImage = Enumerable.Repeat("https://a.example/1.png", 15).ToArray() }, "has 15 images. At most 14" },
        { new SubmitRequest { Prompt = "x", ReferenceImage = ["file:///etc/passwd"] }, "'file:///etc/passwd' is not an http or https URL, and no file with this path exists" },
        { new SubmitRequest { Prompt = "x", ReferenceImage = ["a.png"] }, "'a.png' is not an http or https URL, and no file with this path exists" },
        { new SubmitRequest { Prompt = "x", ReferenceImage = ["https://a.example/1.png , https://a.example/2.png"] }, "contains white space, so it is not a URL" },
        { new SubmitRequest { Prompt = "x", ReferenceImage = ["."] }, "ReferenceImage '.' is a folder" },
        { new SubmitRequest { Prompt = "x", AspectRatio = "16x9" }, "AspectRatio '16x9' is not allowed. Use width:height, such as 16:9" },
        { new SubmitRequest { Prompt = "x", AspectRatio = "16:09:00" }, "AspectRatio '16:09:00' is not allowed" },
        { new SubmitRequest { Prompt = "x", AspectRatio = "16:" }, "AspectRatio '16:' is not allowed" },
        { new SubmitRequest { Prompt = "x", AspectRatio = "0:1" }, "AspectRatio '0:1' is not allowed" },
        { new SubmitRequest { Prompt = "x", WebhookUrl = "hooks" }, "WebhookUrl 'hooks' is not an absolute" },
        { new SubmitRequest { Prompt = "x", WebhookUrl = "https://h.example", WebhookEvent = ["all of them"] }, "WebhookEvent 'all of them' is not allowed. Use one of these values: completed, failed, progress" },
        { new SubmitRequest { Prompt = "x", WebhookEvent = ["failed"] }, "is specified without WebhookUrl" },
        { new SubmitRequest { Prompt = "x", IdempotencyKey = new string('k', 256) }, "has 256 characters. At most 255" },
        { new SubmitRequest { Prompt = "x", IdempotencyKey = "a b" }, "'a b' contains a character that is not allowed in an HTTP header" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Input_that_is_not_valid_is_rejected_before_a_request_and_named_in_the_message(SubmitRequest request, string text)
    {
        var service = new FakeService();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.SubmitAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("No request was sent.", e.Message, StringComparison.Ordinal);
        Assert.Empty(service.Api.Sent);
    }

    [Theory]
    [InlineData(@"cut \ud83c", 4)]
    [InlineData(@"\udf4c cut", 0)]
    public Task Half_of_a_surrogate_pair_is_rejected_with_its_position(string escapedPrompt, int position) =>
        Input_that_is_not_valid_is_rejected_before_a_request_and_named_in_the_message(
            new SubmitRequest { Prompt = Regex.Unescape(escapedPrompt) }, $"position {position}");

    [Fact]
    public void The_longest_prompt_and_14_references_are_accepted()
    {
        SubmitRequest request = new SubmitRequest
        {
            Prompt = new string('x', 2000), ReferenceImage = Enumerable.Repeat("https://a.example/1.png", 14).ToArray(),
        }.Checked();

        Assert.Equal(2000, request.Prompt.Length);
        Assert.Equal(14, request.ReferenceImage.Count);
    }

    [Theory]
    [InlineData("2k", "2K")]
    [InlineData("512PX", "512px")]
    [InlineData("8k", "8K")]
    [InlineData("2048px", "2048px")]
    [InlineData("512", "512px")]
    [InlineData("0.5K", "512px")]
    [InlineData(" 0.5k ", "512px")]
    public void A_resolution_is_sent_in_the_documented_spelling_and_an_unknown_one_unchanged(string given, string sent) =>
        Assert.Equal(sent, new SubmitRequest { Prompt = "x", Resolution = given }.Checked().Resolution);

    [Theory]
    [InlineData("7:5", "7:5")]
    [InlineData("1.91:1", "1.91:1")]
    [InlineData(" 16 : 9 ", "16:9")]
    [InlineData("16:09", "16:9")]
    [InlineData("match_input_image", "match_input_image")]
    [InlineData("auto", "auto")]
    [InlineData(" ", null)]
    public void A_ratio_or_a_word_is_sent_as_the_aspect_ratio(string given, string? sent) =>
        Assert.Equal(sent, new SubmitRequest { Prompt = "x", AspectRatio = given }.Checked().AspectRatio);

    [Theory]
    [InlineData("JPEG", "jpg")]
    [InlineData("Png", "png")]
    public void A_format_is_sent_in_the_documented_spelling(string given, string sent) =>
        Assert.Equal(sent, new SubmitRequest { Prompt = "x", OutputFormat = given }.Checked().OutputFormat);

    [Fact]
    public void An_unknown_webhook_event_is_sent() =>
        Assert.Equal(["failed", "archived"], new SubmitRequest { Prompt = "x", WebhookUrl = "https://h.example", WebhookEvent = ["Failed", "archived"] }.Checked().WebhookEvent);

    [Fact]
    public void Empty_cells_of_a_table_count_as_not_specified()
    {
        SubmitRequest request = new SubmitRequest
        {
            Prompt = "x", Model = "", Resolution = " ", AspectRatio = "", OutputFormat = "", WebhookUrl = "", IdempotencyKey = "", ReferenceImage = ["", " "],
        }.Checked();

        Assert.Equal("nano-banana-2", request.Model);
        Assert.Equal((null, null, null, null), (request.Resolution, request.AspectRatio, request.OutputFormat, request.WebhookUrl));
        Assert.Empty(request.ReferenceImage);
        Assert.True(Guid.TryParse(request.IdempotencyKey, out _));
    }

    [Fact]
    public void An_unknown_model_is_sent() =>
        Assert.Equal("nano-banana-3", new SubmitRequest { Prompt = "x", Model = "nano-banana-3" }.Checked().Model);
}
