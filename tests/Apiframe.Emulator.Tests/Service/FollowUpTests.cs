using System;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using SkiaSharp;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>Tests the edits of existing images: upscaling and background removal.</summary>
public sealed class FollowUpTests : IDisposable
{
    private const string Upscale = "/v2/images/upscale";
    private const string RemoveBackground = "/v2/images/background-remove";

    private readonly TestEmulator _test = new();

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("topaz-image-upscale", "topazUpscaleParams", """{"upscale_factor":4,"output_format":"jpg"}""", SKEncodedImageFormat.Jpeg, 4)]
    [InlineData("topaz-image-upscale", "topazUpscaleParams", "{}", SKEncodedImageFormat.Png, 2)]
    [InlineData("topaz-image-upscale", "topazUpscaleParams", """{"upscale_factor":1}""", SKEncodedImageFormat.Png, 1)]
    [InlineData("clarity-upscale", "clarityUpscaleParams", """{"scale_factor":8,"output_format":"webp"}""", SKEncodedImageFormat.Webp, 8)]
    public async Task An_upscaled_image_has_the_requested_size_and_shows_the_same_picture(
        string model, string paramsName, string parameters, SKEncodedImageFormat format, int factor)
    {
        var source = await _test.CompletedFileAsync("aspect_ratio", "16:9");

        var (file, encoded) = await FileOfAsync(await SubmitAsync(Upscale, model, paramsName, source, parameters));
        using var before = await BitmapAsync(source);

        Assert.Equal(format, encoded);
        Assert.Equal((before.Width * factor, before.Height * factor), (file.Width, file.Height));
        for (var x = 8; x < before.Width; x += 16)
        {
            var (expected, actual) = (before.GetPixel(x, before.Height / 2), file.GetPixel(x * factor, before.Height / 2 * factor));
            Assert.InRange(Math.Abs(expected.Red - actual.Red) + Math.Abs(expected.Green - actual.Green) + Math.Abs(expected.Blue - actual.Blue), 0, 24);
        }

        file.Dispose();
    }

    [Theory]
    [InlineData("bria-bg-remove", "briaBgRemoveParams")]
    [InlineData("851-bg-remove", "lab851BgRemoveParams")]
    public async Task A_removed_background_is_transparent_and_the_subject_is_unchanged(string model, string paramsName)
    {
        var source = await _test.CompletedFileAsync("output_format", "png");

        var (file, encoded) = await FileOfAsync(await SubmitAsync(RemoveBackground, model, paramsName, source));
        using var before = await BitmapAsync(source);

        Assert.Equal(SKEncodedImageFormat.Png, encoded);
        Assert.Equal((before.Width, before.Height), (file.Width, file.Height));
        Assert.Equal(0, file.GetPixel(0, 0).Alpha);
        Assert.Contains(file.Pixels, pixel => pixel.Alpha == 255);
        Assert.All(file.Pixels.Zip(before.Pixels).Where(pair => pair.First.Alpha != 0).Distinct(), pair => Assert.Equal(pair.Second, pair.First));
        file.Dispose();
    }

    [Theory]
    [InlineData("""{"background_type":"white"}""", "#ffffff", false)]
    [InlineData("""{"background_type":"green","format":"jpg"}""", "#00b140", false)]
    [InlineData("""{"background_type":"map"}""", "#000000", false)]
    [InlineData("""{"background_type":"blur"}""", null, false)]
    [InlineData("""{"background_type":"overlay"}""", null, false)]
    [InlineData("""{"reverse":true,"threshold":0.5}""", null, true)]
    public async Task A_background_can_be_replaced_and_the_removal_can_be_reversed(string parameters, string? corner, bool hasAlpha)
    {
        var source = await _test.CompletedFileAsync("resolution", "512px");

        var (file, _) = await FileOfAsync(await SubmitAsync(RemoveBackground, "851-bg-remove", "lab851BgRemoveParams", source, parameters));

        Assert.Equal(hasAlpha, file.Pixels.Any(pixel => pixel.Alpha == 0));
        Assert.Equal(255, file.GetPixel(0, 0).Alpha);
        if (corner is not null)
        {
            var expected = SKColor.Parse(corner);
            var actual = file.GetPixel(0, 0);
            Assert.InRange(Math.Abs(expected.Red - actual.Red) + Math.Abs(expected.Green - actual.Green) + Math.Abs(expected.Blue - actual.Blue), 0, 12);
        }

        file.Dispose();
    }

    [Fact]
    public async Task An_edit_of_an_edited_image_keeps_its_transparency()
    {
        var source = await _test.CompletedFileAsync("resolution", "512px");
        var cut = await SubmitAsync(RemoveBackground, "bria-bg-remove", "briaBgRemoveParams", source);

        var (file, _) = await FileOfAsync(await SubmitAsync(Upscale, "clarity-upscale", "clarityUpscaleParams", await UrlOfAsync(cut)));

        Assert.Equal((1024, 0), (file.Width, file.GetPixel(0, 0).Alpha));
        file.Dispose();
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task An_edit_of_an_uploaded_image_has_its_size(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(123, 45);
        var url = TestEmulator.Text(await _test.UploadAsync(bitmap.Encode(format, 90).ToArray()), "url");

        var (cut, _) = await FileOfAsync(await SubmitAsync(RemoveBackground, "bria-bg-remove", "briaBgRemoveParams", url));
        var (upscaled, _) = await FileOfAsync(await SubmitAsync(Upscale, "topaz-image-upscale", "topazUpscaleParams", url));

        Assert.Equal((123, 45, 246, 90), (cut.Width, cut.Height, upscaled.Width, upscaled.Height));
        cut.Dispose();
        upscaled.Dispose();
    }

    [Fact]
    public async Task An_edit_of_an_uploaded_GIF_has_its_size()
    {
        byte[] gif = [.. "GIF89a"u8, 0x2c, 1, 9, 0, 0, 0, 0, 0x3b];
        var url = TestEmulator.Text(await _test.UploadAsync(gif), "url");

        var (file, _) = await FileOfAsync(await SubmitAsync(RemoveBackground, "bria-bg-remove", "briaBgRemoveParams", url));

        Assert.Equal((300, 9), (file.Width, file.Height));
        file.Dispose();
    }

    [Theory]
    [InlineData("https://files.example.net/a.png")]
    [InlineData("{base}files/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90-1.png")]
    [InlineData("{base}v2/models")]
    [InlineData("{upload}")]
    public async Task A_missing_image_is_rejected_by_an_upscaler_and_makes_a_background_removal_fail(string source)
    {
        // The upload begins like a GIF and ends after its signature.
        var upload = TestEmulator.Text(await _test.UploadAsync([.. "GIF89a"u8]), "url");
        var url = source.Replace("{base}", _test.Emulator.BaseUri.AbsoluteUri, StringComparison.Ordinal).Replace("{upload}", upload, StringComparison.Ordinal);

        using var refused = await PostAsync(Upscale, "topaz-image-upscale", "topazUpscaleParams", url);
        var cut = await SubmitAsync(RemoveBackground, "bria-bg-remove", "briaBgRemoveParams", url);
        _test.Clock.Advance(10);
        var failed = await _test.JobAsync(cut);

        await TestEmulator.AssertInvalidAsync(refused, ("topazUpscaleParams.image", "The image could not be fetched"));
        Assert.Equal(("FAILED", "The input image could not be fetched: " + url, 0), (TestEmulator.Text(failed, "status"), TestEmulator.Text(failed, "error"), (int)failed["creditCost"]!));
        Assert.Equal(0, _test.Emulator.Counts.CreditsBilled);
    }

    [Fact]
    public async Task An_upscale_that_would_be_too_large_is_rejected_and_costs_nothing()
    {
        var source = await _test.CompletedFileAsync("resolution", "4K");

        using var topaz = await PostAsync(Upscale, "topaz-image-upscale", "topazUpscaleParams", source, """{"upscale_factor":6}""");
        using var clarity = await PostAsync(Upscale, "clarity-upscale", "clarityUpscaleParams", source, """{"scale_factor":8}""");

        await TestEmulator.AssertInvalidAsync(topaz, ("topazUpscaleParams.upscale_factor", "The image would be too large"));
        await TestEmulator.AssertInvalidAsync(clarity, ("clarityUpscaleParams.scale_factor", "The image would be too large"));
        Assert.Equal(15, _test.Emulator.Counts.CreditsBilled);
    }

    [Fact]
    public async Task The_price_of_Topaz_depends_on_the_output_megapixels_and_other_prices_are_fixed()
    {
        var source = await _test.CompletedFileAsync("resolution", "1K");
        string[] ids =
        [
            await SubmitAsync(Upscale, "topaz-image-upscale", "topazUpscaleParams", source),
            await SubmitAsync(Upscale, "topaz-image-upscale", "topazUpscaleParams", source, """{"upscale_factor":6}"""),
            await SubmitAsync(Upscale, "clarity-upscale", "clarityUpscaleParams", source, """{"scale_factor":8}"""),
            await SubmitAsync(RemoveBackground, "bria-bg-remove", "briaBgRemoveParams", source),
            await SubmitAsync(RemoveBackground, "851-bg-remove", "lab851BgRemoveParams", source),
        ];

        var costs = await Task.WhenAll(ids.Select(async id => (int)(await _test.JobAsync(id))["creditCost"]!));

        Assert.Equal([4, 12, 10, 3, 1], costs);
    }

    [Fact]
    public async Task An_edit_job_has_its_model_and_request_and_is_listed_by_its_model()
    {
        var source = await _test.CompletedFileAsync("resolution", "512px");
        var id = await SubmitAsync(Upscale, "clarity-upscale", "clarityUpscaleParams", source, """{"prompt":"crisp"}""");

        var job = await _test.JobAsync(id);
        var listed = await _test.GetJsonAsync("/v2/jobs?model=clarity-upscale");

        Assert.Equal("clarity-upscale", TestEmulator.Text(job, "model"));
        Assert.Equal(source, (string?)job["input"]!["clarityUpscaleParams"]!["image"]);
        Assert.Equal([id], TestEmulator.Ids(listed));
    }

    [Theory]
    [InlineData("webhookUrl", "pending")]
    [InlineData("webhook_url", null)]
    public async Task An_edit_accepts_a_webhook_only_in_its_one_published_form(string field, string? status)
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0, RequestForm = EmulatorRequestForm.ModelPage, IgnoreUnknownFields = true,
        });
        var body = JsonNode.Parse(Body("bria-bg-remove", "briaBgRemoveParams", await test.CompletedFileAsync("resolution", "512px")))!;
        body[field] = "https://h.example/x";

        using var response = await test.PostAsync(body.ToJsonString(), path: RemoveBackground);

        Assert.Equal(status, (string?)(await test.JobAsync(TestEmulator.Text(await TestEmulator.JsonOf(response), "jobId")))["webhookStatus"]);
    }

    [Fact]
    public async Task The_same_key_returns_the_first_job_even_after_its_source_has_expired()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0, ImageLifetime = TimeSpan.FromMinutes(1),
        });
        var body = Body("topaz-image-upscale", "topazUpscaleParams", await test.CompletedFileAsync("resolution", "512px"));
        using var first = await test.PostAsync(body, "k", path: Upscale);
        test.Clock.Advance(60);

        using var second = await test.PostAsync(body, "k", path: Upscale);
        using var other = await test.PostAsync(body, "other", path: Upscale);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.BadRequest), (first.StatusCode, second.StatusCode, other.StatusCode));
        Assert.Equal(TestEmulator.Text(await TestEmulator.JsonOf(first), "jobId"), TestEmulator.Text(await TestEmulator.JsonOf(second), "jobId"));
    }

    [Theory]
    [InlineData(Upscale, "[]", "body", "Must be an object")]
    [InlineData(Upscale, "{}", "model", "Required")]
    [InlineData(Upscale, """{"model":7}""", "model", "Must be a string")]
    [InlineData(Upscale, """{"model":"nano-banana-2","prompt":"x"}""", "model", "Not an allowed value")]
    [InlineData(Upscale, """{"model":"bria-bg-remove","briaBgRemoveParams":{"image":"https://a.example"}}""", "model", "Not an allowed value")]
    [InlineData(RemoveBackground, """{"model":"bria-bg-remove"}""", "briaBgRemoveParams", "Required")]
    [InlineData(RemoveBackground, """{"model":"bria-bg-remove","briaBgRemoveParams":{}}""", "briaBgRemoveParams.image", "Required")]
    [InlineData(
        RemoveBackground, """{"model":"851-bg-remove","prompt":"x","webhook_url":"https://h.example","lab851BgRemoveParams":{"image":"a.png","threshold":1.1,"format":"webp","background_type":"red","reverse":1,"seed":1}}""",
        "prompt", "Unrecognized key", "webhook_url", "Unrecognized key", "lab851BgRemoveParams.image", "Must be an absolute http or https URL",
        "lab851BgRemoveParams.threshold", "Must be from 0 to 1", "lab851BgRemoveParams.format", "Not an allowed value",
        "lab851BgRemoveParams.background_type", "Not an allowed value", "lab851BgRemoveParams.reverse", "Must be a boolean",
        "lab851BgRemoveParams.seed", "Unrecognized key")]
    [InlineData(
        Upscale, """{"model":"topaz-image-upscale","webhookEvents":[],"topazUpscaleParams":{"image":"https://a.example","upscale_factor":3,"model_type":"x","face_enhance_strength":"1","output_format":"webp","seed":1.5}}""",
        "webhookEvents", "Must have at least 1 item", "topazUpscaleParams.upscale_factor", "Not an allowed value", "topazUpscaleParams.model_type", "Not an allowed value",
        "topazUpscaleParams.face_enhance_strength", "Must be a number", "topazUpscaleParams.output_format", "Not an allowed value",
        "topazUpscaleParams.seed", "Must be a whole number")]
    [InlineData(
        Upscale, """{"model":"clarity-upscale","clarityUpscaleParams":{"image":"https://a.example","scale_factor":6,"dynamic":0,"num_inference_steps":101,"sharpen":10.5}}""",
        "clarityUpscaleParams.scale_factor", "Not an allowed value", "clarityUpscaleParams.dynamic", "Must be from 1 to 50",
        "clarityUpscaleParams.num_inference_steps", "Must be from 1 to 100", "clarityUpscaleParams.sharpen", "Must be from 0 to 10")]
    public async Task Rejects_requests_that_violate_the_schema(string path, string body, params string[] pathsAndTexts)
    {
        using var response = await _test.PostAsync(body, path: path);

        await TestEmulator.AssertInvalidAsync(response, [.. pathsAndTexts.Chunk(2).Select(pair => (pair[0], pair[1]))]);
    }

    [Theory]
    [InlineData(Upscale, "topaz-image-upscale", "topazUpscaleParams")]
    [InlineData(RemoveBackground, "bria-bg-remove", "briaBgRemoveParams")]
    public async Task The_rejections_of_prompts_also_apply_to_edits(string path, string model, string paramsName)
    {
        using var poor = new TestEmulator(TestEmulator.Options(credits: 5));
        var body = Body(model, paramsName, await poor.CompletedFileAsync("resolution", "1K"));
        using var unpaid = await poor.PostAsync(body, path: path);
        using var withoutKey = await poor.Anonymous.PostAsync(path, content: null, TestContext.Current.CancellationToken);
        poor.Emulator.Refusal = EmulatorRefusal.InactiveKey;
        using var inactive = await poor.PostAsync(body, path: path);
        using var faulty = new TestEmulator(TestEmulator.Faulty(1, "Error503Json"));
        using var unavailable = await faulty.PostAsync(body, path: path);

        await TestEmulator.AssertErrorAsync(unpaid, HttpStatusCode.PaymentRequired, "Insufficient credits");
        await TestEmulator.AssertErrorAsync(withoutKey, HttpStatusCode.Unauthorized, "API key is required");
        await TestEmulator.AssertErrorAsync(inactive, HttpStatusCode.Forbidden, "API key is inactive");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.Equal((4, 1), (poor.Emulator.Counts.Submissions, poor.Emulator.Counts.JobsAccepted));
    }

    private static string Body(string model, string paramsName, string image, string parameters = "{}")
    {
        var given = JsonNode.Parse(parameters)!.AsObject();
        given["image"] = image;
        return new JsonObject { ["model"] = model, [paramsName] = given }.ToJsonString();
    }

    private Task<System.Net.Http.HttpResponseMessage> PostAsync(string path, string model, string paramsName, string image, string parameters = "{}") =>
        _test.PostAsync(Body(model, paramsName, image, parameters), path: path);

    private async Task<string> SubmitAsync(string path, string model, string paramsName, string image, string parameters = "{}")
    {
        using var response = await PostAsync(path, model, paramsName, image, parameters);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return TestEmulator.Text(await TestEmulator.JsonOf(response), "jobId");
    }

    /// <summary>Lets a job complete and returns the address of its image.</summary>
    private async Task<string> UrlOfAsync(string id)
    {
        _test.Clock.Advance(10);
        return (string)(await _test.JobAsync(id))["result"]!["images"]!.AsArray().Single()!;
    }

    private async Task<(SKBitmap File, SKEncodedImageFormat Format)> FileOfAsync(string id)
    {
        var bytes = await BytesAsync(await UrlOfAsync(id));
        using var codec = SKCodec.Create(new SKMemoryStream(bytes));
        return (Decode(bytes), codec.EncodedFormat);
    }

    private async Task<SKBitmap> BitmapAsync(string url) => Decode(await BytesAsync(url));

    private Task<byte[]> BytesAsync(string url) => _test.Anonymous.GetByteArrayAsync(url, TestContext.Current.CancellationToken);

    private static SKBitmap Decode(byte[] file)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(file));
        return SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
    }
}
