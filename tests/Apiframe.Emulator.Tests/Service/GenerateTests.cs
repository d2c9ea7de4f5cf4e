using System;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class GenerateTests
{
    private const string FullOpenApiRequest = """
        {
          "model": "nano-banana-2",
          "prompt": "Isometric cutaway of a small server room",
          "nanoBananaParams": {
            "aspect_ratio": "16:9", "resolution": "2K", "output_format": "png", "google_search": false, "image_search": true,
            "image_input": ["https://files.example.net/a.png", "http://files.example.net/b.png"]
          },
          "webhookUrl": "https://hooks.example.net/apiframe",
          "webhookEvents": ["completed", "failed", "progress"]
        }
        """;

    private const string FullModelPageRequest = """
        {
          "model": "nano-banana-2",
          "prompt": "x",
          "nanoBananaParams": { "image_input": "https://files.example.net/a.png" },
          "webhook_url": "https://hooks.example.net/apiframe"
        }
        """;

    [Theory]
    [InlineData(EmulatorRequestForm.Both, TestEmulator.SmallestRequest)]
    [InlineData(EmulatorRequestForm.ModelPage, TestEmulator.SmallestRequest)]
    [InlineData(EmulatorRequestForm.OpenApi, TestEmulator.SmallestRequest)]
    [InlineData(EmulatorRequestForm.Both, FullOpenApiRequest)]
    [InlineData(EmulatorRequestForm.OpenApi, FullOpenApiRequest)]
    [InlineData(EmulatorRequestForm.Both, FullModelPageRequest)]
    [InlineData(EmulatorRequestForm.ModelPage, FullModelPageRequest)]
    public async Task The_configured_request_forms_are_accepted(EmulatorRequestForm form, string body)
    {
        using var test = new TestEmulator(TestEmulator.Options(form));

        using var response = await test.PostAsync(body);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var accepted = await TestEmulator.JsonOf(response);
        Assert.True(Guid.TryParseExact(TestEmulator.Text(accepted, "jobId"), "D", out _));
        Assert.Equal("QUEUED", TestEmulator.Text(accepted, "status"));
    }

    [Fact]
    public async Task Rejects_the_form_of_the_model_page_if_only_that_of_the_OpenAPI_description_is_configured()
    {
        using var test = new TestEmulator(TestEmulator.Options(EmulatorRequestForm.OpenApi));

        using var response = await test.PostAsync(FullModelPageRequest);

        await TestEmulator.AssertInvalidAsync(
            response, ("nanoBananaParams.image_input", "Must be an array"), ("webhook_url", "Unrecognized key"));
    }

    [Fact]
    public async Task Rejects_the_form_of_the_OpenAPI_description_if_only_that_of_the_model_page_is_configured()
    {
        using var test = new TestEmulator(TestEmulator.Options(EmulatorRequestForm.ModelPage));

        using var response = await test.PostAsync(FullOpenApiRequest);

        await TestEmulator.AssertInvalidAsync(
            response,
            ("nanoBananaParams.image_input", "Must be a string"),
            ("webhookUrl", "Unrecognized key"),
            ("webhookEvents", "Unrecognized key"));
    }

    [Theory]
    [InlineData(EmulatorRequestForm.OpenApi, "webhook_url", "webhookUrl")]
    [InlineData(EmulatorRequestForm.ModelPage, "webhookUrl", "webhook_url")]
    public async Task With_IgnoreUnknownFields_a_webhook_in_the_other_form_is_accepted_and_not_registered(
        EmulatorRequestForm form, string unknown, string known)
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, RequestForm = form, IgnoreUnknownFields = true });

        var without = await test.JobAsync(await test.SubmitAsync(Request(unknown, "https://h.example/x")));
        var with = await test.JobAsync(await test.SubmitAsync(Request(known, "https://h.example/x")));

        Assert.Null(without["webhookStatus"]);
        Assert.True(JsonNode.DeepEquals(without["input"], JsonNode.Parse("""{"model":"nano-banana-2","prompt":"x"}""")), without.ToJsonString());
        Assert.NotNull(with["webhookStatus"]);
        Assert.Equal("https://h.example/x", (string?)with["input"]![known]);
    }

    [Fact]
    public async Task With_IgnoreUnknownFields_unknown_parameters_of_the_model_are_dropped()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, IgnoreUnknownFields = true });

        var id = await test.SubmitAsync(
            """{"model":"nano-banana-2","prompt":"x","seed":1,"nanoBananaParams":{"width":5,"resolution":"2K"}}""", "k");
        var again = await test.SubmitAsync("""{"model":"nano-banana-2","prompt":"x","nanoBananaParams":{"resolution":"2K"}}""", "k");

        Assert.Equal(id, again);
        Assert.Equal("""{"resolution":"2K"}""", (await test.JobAsync(id))["input"]!["nanoBananaParams"]!.ToJsonString());
    }

    [Theory]
    [InlineData(EmulatorRequestForm.OpenApi, "\"https://a.example/1.png\"", "Must be an array")]
    [InlineData(EmulatorRequestForm.ModelPage, "[\"https://a.example/1.png\"]", "Must be a string")]
    public async Task With_IgnoreUnknownFields_reference_images_in_the_other_form_are_rejected(EmulatorRequestForm form, string images, string error)
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, RequestForm = form, IgnoreUnknownFields = true });

        using var response = await test.PostAsync(Request("nanoBananaParams", new JsonObject { ["image_input"] = JsonNode.Parse(images) }));

        await TestEmulator.AssertInvalidAsync(response, ("nanoBananaParams.image_input", error));
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("""{"model":"nano-banana","prompt":"x","nanoBananaParams":[]}""", "nanoBananaParams")]
    public async Task With_IgnoreUnknownFields_a_value_that_is_not_an_object_is_rejected(string body, string path)
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, IgnoreUnknownFields = true });

        using var response = await test.PostAsync(body);

        await TestEmulator.AssertInvalidAsync(response, (path, "Must be an object"));
    }

    [Fact]
    public async Task Returns_every_violation_in_one_response()
    {
        using var test = new TestEmulator();

        using var response = await test.PostAsync("""
            {
              "model": "nano-banana-3", "seed": 1, "webhookUrl": "hooks/x", "webhookEvents": ["completed", "later"],
              "nanoBananaParams": {
                "resolution": "2k", "output_format": "jpeg", "aspect_ratio": 1, "google_search": "yes", "width": 5,
                "image_input": ["ftp://example.net/a.png", 7]
              }
            }
            """);

        await TestEmulator.AssertInvalidAsync(
            response,
            ("prompt", "Required"),
            ("model", "Not an allowed value"),
            ("seed", "Unrecognized key"),
            ("webhookUrl", "Must be an absolute http or https URL"),
            ("webhookEvents.1", "Not an allowed value"),
            ("nanoBananaParams.resolution", "Not an allowed value"),
            ("nanoBananaParams.output_format", "Not an allowed value"),
            ("nanoBananaParams.aspect_ratio", "Must be a string"),
            ("nanoBananaParams.google_search", "Must be a boolean"),
            ("nanoBananaParams.width", "Unrecognized key"),
            ("nanoBananaParams.image_input.0", "Must be an absolute http or https URL"),
            ("nanoBananaParams.image_input.1", "Must be a string"));
    }

    [Theory]
    [InlineData("{}", "prompt", "Required", "model", "Required")]
    [InlineData("[]", "body", "Must be an object")]
    [InlineData("""{"model":"nano-banana","prompt":""}""", "prompt", "Must have at least 1 character")]
    [InlineData("""{"model":"nano-banana","prompt":null}""", "prompt", "Must be a string")]
    [InlineData("""{"model":7,"prompt":"x"}""", "model", "Must be a string")]
    [InlineData("""{"model":"nano-banana","prompt":"x","nanoBananaParams":[]}""", "nanoBananaParams", "Must be an object")]
    [InlineData("""{"model":"nano-banana","prompt":"x","webhookEvents":[]}""", "webhookEvents", "Must have at least 1 item")]
    public async Task Rejects_requests_that_violate_the_schema(string body, params string[] pathsAndTexts)
    {
        using var test = new TestEmulator();

        using var response = await test.PostAsync(body);

        await TestEmulator.AssertInvalidAsync(response, [.. pathsAndTexts.Chunk(2).Select(pair => (pair[0], pair[1]))]);
    }

    [Fact]
    public async Task Accepts_at_most_2000_UTF_16_code_units_of_prompt()
    {
        using var test = new TestEmulator();

        using var longest = await test.PostAsync(Request("prompt", string.Concat(Enumerable.Repeat("🍌", 1000))));
        using var tooLong = await test.PostAsync(Request("prompt", string.Concat(Enumerable.Repeat("🍌", 1000)) + "."));

        Assert.Equal(HttpStatusCode.Accepted, longest.StatusCode);
        await TestEmulator.AssertInvalidAsync(tooLong, ("prompt", "Must have at most 2000 characters"));
    }

    [Theory]
    [InlineData(0, "Must have at least 1 item")]
    [InlineData(1, null)]
    [InlineData(14, null)]
    [InlineData(15, "Must have at most 14 items")]
    public async Task Accepts_up_to_14_reference_images(int count, string? refusal)
    {
        using var test = new TestEmulator();
        var images = new JsonArray([.. Enumerable.Range(0, count).Select(i => JsonValue.Create($"https://example.net/{i}.png"))]);

        using var response = await test.PostAsync(Request("nanoBananaParams", new JsonObject { ["image_input"] = images }));

        if (refusal is null)
        {
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
        else
        {
            await TestEmulator.AssertInvalidAsync(response, ("nanoBananaParams.image_input", refusal));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"model":"nano-banana","prompt":"\ud83c"}""")]
    public async Task A_body_that_is_not_JSON_is_rejected(string body)
    {
        using var test = new TestEmulator();

        using var response = await test.PostAsync(body);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.BadRequest, "Invalid JSON body");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.Accepted)]
    [InlineData("Application/JSON", HttpStatusCode.Accepted)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task Accepts_only_JSON(string mediaType, HttpStatusCode expected)
    {
        using var test = new TestEmulator();

        using var response = await test.PostAsync(TestEmulator.SmallestRequest, mediaType: mediaType);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("512px", 4)]
    [InlineData("1K", 5)]
    [InlineData("2K", 8)]
    [InlineData("4K", 15)]
    public async Task Charges_by_resolution_at_submission(string resolution, int cost)
    {
        using var test = new TestEmulator();

        var id = await test.SubmitWithAsync("resolution", resolution);

        Assert.Equal(cost, (int)(await test.JobAsync(id))["creditCost"]!);
        Assert.Equal(cost, test.Emulator.Counts.CreditsBilled);
        Assert.Equal(1000 - cost, (int)(await test.GetJsonAsync("/v2/me"))["team"]!["credits"]!);
    }

    [Fact]
    public async Task Rejects_a_prompt_that_the_balance_does_not_cover()
    {
        using var test = new TestEmulator(TestEmulator.Options(credits: 9));
        await test.SubmitAsync();

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.PaymentRequired, "Insufficient credits");
        var body = await TestEmulator.JsonOf(response);
        Assert.Equal((5, 4), ((int)body["creditsRequired"]!, (int)body["creditsAvailable"]!));
        Assert.Equal(1, test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task Added_credits_pay_for_the_next_job()
    {
        using var test = new TestEmulator(TestEmulator.Options(credits: 4));
        using var refused = await test.PostAsync(TestEmulator.SmallestRequest);

        test.Emulator.AddCredits(1);
        await test.SubmitAsync();

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal(0, test.Emulator.Credits);
        Assert.Equal(0, (int)(await test.GetJsonAsync("/v2/me"))["team"]!["credits"]!);
        var error = Assert.Throws<ArgumentOutOfRangeException>("credits", () => test.Emulator.AddCredits(-1));
        Assert.StartsWith("credits is -1. The value must be 0 or more.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refunds_a_failed_job_only_when_it_ends()
    {
        using var test = new TestEmulator(TestEmulator.Options(credits: 5, failureRate: 1));
        await test.SubmitAsync();
        using var refused = await test.PostAsync(TestEmulator.SmallestRequest);
        var billedWhileRunning = test.Emulator.Counts.ImagesBilled;

        test.Clock.Advance(10);

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal(1, billedWhileRunning);
        Assert.Equal(0, test.Emulator.Counts.ImagesBilled);
        Assert.Equal(0, test.Emulator.Counts.CreditsBilled);
        await test.SubmitAsync();
        Assert.Equal(2, test.Emulator.Counts.JobsAccepted);
    }

    private static string Request(string name, JsonNode value) =>
        new JsonObject { ["model"] = "nano-banana-2", ["prompt"] = "x", [name] = value }.ToJsonString();
}
