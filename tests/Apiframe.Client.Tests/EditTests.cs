using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Submit;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests the edits of images: upscaling, and removal of the background.</summary>
public sealed class EditTests
{
    private const string Image = "https://a.example/1.png";

    private readonly FakeService _service = new();

    public static TheoryData<SubmitRequest, string, string> Bodies => new()
    {
        { Edit(new ImageEdit { Upscale = 4 }), "upscale", """{"model":"topaz-image-upscale","topazUpscaleParams":{"image":"https://a.example/1.png","upscale_factor":4}}""" },
        {
            Edit(new ImageEdit { Upscale = 2.0m, ModelType = "CGI", FaceEnhance = true, FaceEnhanceStrength = 0.50m, FaceEnhanceCreativity = 1, Seed = 7 }) with { OutputFormat = "jpeg" },
            "upscale",
            """{"model":"topaz-image-upscale","topazUpscaleParams":{"image":"https://a.example/1.png","upscale_factor":2,"model_type":"cgi","face_enhance":true,"face_enhance_strength":0.5,"face_enhance_creativity":1,"seed":7,"output_format":"jpg"}}"""
        },
        {
            Edit(new ImageEdit
            {
                Upscale = 8, Prompt = "a kite", NegativePrompt = "text", Creativity = 0.35m, Resemblance = 3, Dynamic = 6, NumInferenceSteps = 18, Sharpen = 0, Seed = -1,
            }) with { Model = "Clarity-Upscale", OutputFormat = "webp" },
            "upscale",
            """{"model":"clarity-upscale","clarityUpscaleParams":{"image":"https://a.example/1.png","scale_factor":8,"prompt":"a kite","negative_prompt":"text","creativity":0.35,"resemblance":3,"dynamic":6,"num_inference_steps":18,"sharpen":0,"seed":-1,"output_format":"webp"}}"""
        },
        { Edit(new ImageEdit()), "background-remove", """{"model":"bria-bg-remove","briaBgRemoveParams":{"image":"https://a.example/1.png"}}""" },
        {
            Edit(new ImageEdit { ContentModeration = true }) with { WebhookUrl = "https://h.example", WebhookEvent = ["failed"] },
            "background-remove",
            """{"model":"bria-bg-remove","briaBgRemoveParams":{"image":"https://a.example/1.png","content_moderation":true},"webhookUrl":"https://h.example","webhookEvents":["failed"]}"""
        },
        {
            Edit(new ImageEdit { Threshold = 0.1m, BackgroundType = "white", Reverse = true }) with { Model = "851-bg-remove", OutputFormat = "png" },
            "background-remove",
            """{"model":"851-bg-remove","lab851BgRemoveParams":{"image":"https://a.example/1.png","threshold":0.1,"background_type":"white","reverse":true,"format":"png"}}"""
        },
    };

    public static TheoryData<SubmitRequest, string> Refused => new()
    {
        { Edit(new ImageEdit { Upscale = 3 }), "Upscale '3' is not allowed with topaz-image-upscale. Use one of these values: 1, 2, 4, 6." },
        { Edit(new ImageEdit { Upscale = 2.5m }), "Upscale '2.5' is not allowed with topaz-image-upscale" },
        { Edit(new ImageEdit { Upscale = 8 }), "Upscale '8' is not allowed with topaz-image-upscale" },
        { Edit(new ImageEdit { Upscale = 6 }) with { Model = "clarity-upscale" }, "Upscale '6' is not allowed with clarity-upscale. Use one of these values: 1, 2, 4, 8." },
        { Edit(new ImageEdit { Upscale = 2, ModelType = "best" }), "ModelType 'best' is not allowed with topaz-image-upscale. Use one of these values: standard-v2, low-res-v2, cgi, high-fidelity-v2, text-refine, redefine." },
        { Edit(new ImageEdit { Upscale = 2, FaceEnhanceStrength = 1.1m }), "FaceEnhanceStrength '1.1' is not allowed with topaz-image-upscale. Use a number from 0 to 1." },
        { Edit(new ImageEdit { Upscale = 2, NumInferenceSteps = 0 }) with { Model = "clarity-upscale" }, "NumInferenceSteps '0' is not allowed with clarity-upscale. Use a whole number from 1 to 100." },
        { Edit(new ImageEdit { Upscale = 2, Prompt = new string('x', 2001) }) with { Model = "clarity-upscale" }, "is not allowed with clarity-upscale. Use at most 2000 characters, without unpaired surrogates." },
        { Edit(new ImageEdit { Upscale = 2, NegativePrompt = "cut \ud83c" }) with { Model = "clarity-upscale" }, "is not allowed with clarity-upscale. Use at most 2000 characters, without unpaired surrogates." },
        { Edit(new ImageEdit { Upscale = 2, Creativity = 1 }), "Creativity is not an option of topaz-image-upscale. Omit it, or use the model clarity-upscale." },
        { Edit(new ImageEdit { Upscale = 2, BackgroundType = "white" }), "BackgroundType is not an option of topaz-image-upscale. Omit it." },
        { Edit(new ImageEdit { BackgroundType = "white" }), "BackgroundType is not an option of bria-bg-remove. Omit it, or use the model 851-bg-remove." },
        { Edit(new ImageEdit { BackgroundType = "pink" }) with { Model = "851-bg-remove" }, "BackgroundType 'pink' is not allowed with 851-bg-remove. Use one of these values: rgba, map, green, white, blur, overlay." },
        { Edit(new ImageEdit()) with { Model = "topaz-image-upscale" }, "Model 'topaz-image-upscale' cannot remove a background. Use bria-bg-remove or 851-bg-remove." },
        { Edit(new ImageEdit { Upscale = 2 }) with { Model = "nano-banana-2" }, "Model 'nano-banana-2' cannot upscale an image. Use topaz-image-upscale or clarity-upscale." },
        { Edit(new ImageEdit { Upscale = 2 }) with { OutputFormat = "webp" }, "OutputFormat 'webp' is not allowed with topaz-image-upscale. Use jpg or png." },
        { Edit(new ImageEdit()) with { OutputFormat = "jpg" }, "OutputFormat is not an option of bria-bg-remove, which makes a PNG file. Omit it." },
        { Edit(new ImageEdit()) with { Resolution = "2K" }, "Resolution is not an option of bria-bg-remove. Omit it." },
        { Edit(new ImageEdit()) with { ReferenceImage = [] }, "An edit accepts one image, but 0 images are specified" },
        { Edit(new ImageEdit()) with { ReferenceImage = [Image, Image] }, "An edit accepts one image, but 2 images are specified" },
        { Edit(new ImageEdit()) with { ReferenceImage = ["."] }, "Image '.' is a folder. Specify a file" },
        { Edit(new ImageEdit()) with { ReferenceImage = ["nowhere.png"] }, "Image 'nowhere.png' is not an http or https URL, and no file with this path exists" },
        { new SubmitRequest { Prompt = "x", Model = "bria-bg-remove" }, "Model 'bria-bg-remove' edits images and cannot make an image from a prompt. Use one of these models: nano-banana-2, nano-banana-pro" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task An_edit_goes_to_its_endpoint_with_the_options_that_were_given(SubmitRequest request, string endpoint, string body)
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        BananaJob job = await _service.Client.SubmitAsync(request with { IdempotencyKey = "key-1" }, Token);

        SentRequest sent = Assert.Single(_service.Api.Sent);
        Assert.Equal(("/v2/images/" + endpoint, body, "key-1"), (sent.Url.AbsolutePath, sent.Body, sent.Header("Idempotency-Key")));
        Assert.Equal((FakeService.JobId, "a kite", Image), (job.JobId, job.Prompt, Assert.Single(job.ReferenceImage!)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_value_that_is_not_allowed_is_rejected_before_a_request_and_named_in_the_message(SubmitRequest request, string text)
    {
        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(request, Token));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("No request was sent.", e.Message, StringComparison.Ordinal);
        Assert.Empty(_service.Api.Sent);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_job_that_echoes_its_request_has_the_edit_with_every_option(SubmitRequest request, string endpoint, string body)
    {
        SubmitRequest edit = request.Checked();
        _service.Api.Json($$"""{ "id": "{{FakeService.JobId}}", "status": "FAILED", "model": "{{edit.Model}}", "input": {{body}} }""");

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, Token);

        Assert.Equal(edit.ToOptions() with { ReferenceImage = [] }, job.Options with { ReferenceImage = [] });
        Assert.Equal(edit.ReferenceImage, job.ReferenceImage);
        Assert.Equal(endpoint == "upscale", job.Edit!.Upscale is not null);
    }

    [Fact]
    public async Task An_upscale_without_a_factor_is_not_read_as_a_background_removal()
    {
        _service.Api.Json($$"""{ "id": "{{FakeService.JobId}}", "status": "FAILED", "model": "clarity-upscale", "input": { "clarityUpscaleParams": { "image": "{{Image}}" } } }""");

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, Token);

        Assert.Null(job.Edit);
        Assert.Equal([Image], job.ReferenceImage);
    }

    [Fact]
    public async Task An_edit_without_a_response_is_sent_again_under_its_key_to_its_endpoint()
    {
        _service.Api.Json("""{ "error": "x" }""", 503).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(Edit(new ImageEdit()), Token);

        Assert.Equal(2, _service.Api.Sent.Count);
        Assert.Single(_service.Api.Sent.Select(sent => (sent.Url, sent.Header("Idempotency-Key"), sent.Body)).Distinct());
    }

    [Fact]
    public void Under_a_scope_each_option_and_the_image_of_an_edit_change_the_key_and_the_description_does_not()
    {
        string?[] keys =
        [
            .. new[]
            {
                Edit(new ImageEdit()), Edit(new ImageEdit { ContentModeration = true }), Edit(new ImageEdit { Upscale = 2 }), Edit(new ImageEdit { Upscale = 4 }),
                Edit(new ImageEdit()) with { ReferenceImage = ["https://a.example/2.png"] }, Edit(new ImageEdit()) with { Model = "851-bg-remove" },
            }.Select(request => new IdempotencyScope("night").Claim(request).IdempotencyKey),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], new IdempotencyScope("night").Claim(Edit(new ImageEdit()) with { Prompt = "other" }).IdempotencyKey);
    }

    [Fact]
    public void The_fingerprint_of_an_edit_includes_its_endpoint_and_that_of_a_prompt_does_not()
    {
        // Journals that were written before edits existed contain these fingerprints.
        Assert.Equal(
            Sha256.Of("""{"model":"nano-banana-2","prompt":"a kite"}"""u8.ToArray()),
            new RequestFingerprint().Of(new SubmitRequest { Prompt = "a kite" }.Checked()));
        Assert.Equal(
            Sha256.Of("v2/images/background-remove\n{\"model\":\"bria-bg-remove\",\"briaBgRemoveParams\":{\"image\":\"https://a.example/1.png\"}}"u8.ToArray()),
            new RequestFingerprint().Of(Edit(new ImageEdit()).Checked()));
    }

    [Fact]
    public void An_edit_as_text_describes_what_is_done() => Assert.Equal(
        ["background removed, BackgroundType white, Reverse", "upscaled by a factor of 4, FaceEnhance, FaceEnhanceStrength 0.5"],
        new[]
        {
            new ImageEdit { BackgroundType = "white", Reverse = true }.ToString(),
            new ImageEdit { Upscale = 4, FaceEnhance = true, FaceEnhanceStrength = 0.50m }.ToString(),
        });

    [Fact]
    public void A_request_without_a_prompt_is_shown_as_the_address_of_its_image_without_credentials() =>
        Assert.Equal("https://a.example/1.png?***", (Edit(new ImageEdit()) with { Prompt = string.Empty, ReferenceImage = [Image + "?signature=secret"] }).ToString());

    private static SubmitRequest Edit(ImageEdit edit) => new() { Prompt = "a kite", Edit = edit, ReferenceImage = [Image] };
}
