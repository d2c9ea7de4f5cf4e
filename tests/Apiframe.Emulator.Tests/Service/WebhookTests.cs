using System;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class WebhookTests : IDisposable
{
    private readonly WebhookReceiver _receiver = new();

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public async Task The_webhook_of_a_completed_job_has_exactly_the_documented_fields()
    {
        using var test = new WebhookTest();
        var id = await test.SubmitAsync(_receiver.Url);
        Assert.Equal("pending", await test.StatusAsync(id));

        await test.PassAsync(10);
        var request = await _receiver.NextAsync();

        Assert.Equal(("POST", "/hook", "1"), (request.Method, request.Path, request.Query["a"]));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal("completed", request.Header("X-Webhook-Event"));
        AssertBody(request, $$"""
            {
              "event": "completed", "jobId": "{{id}}", "status": "COMPLETED", "progress": 100,
              "result": { "images": ["{{test.Service.Emulator.BaseUri}}files/{{id}}-1.jpg"] },
              "model": "nano-banana-2", "creditCost": 5, "completedAt": "2026-11-20T09:14:12.117Z"
            }
            """);
        Assert.Equal("delivered", await test.SettledAsync(id));
        Assert.Equal(1, test.Service.Emulator.Counts.WebhooksDelivered);
    }

    [Fact]
    public async Task The_webhook_of_a_failed_job_has_exactly_the_documented_fields()
    {
        using var test = new WebhookTest(failureRate: 1);
        var id = await test.SubmitAsync(_receiver.Url);

        await test.PassAsync(10);
        var request = await _receiver.NextAsync();

        Assert.Equal("failed", request.Header("X-Webhook-Event"));
        AssertBody(request, $$"""
            {
              "event": "failed", "jobId": "{{id}}", "status": "FAILED", "model": "nano-banana-2",
              "error": "The provider declined the prompt (content policy)"
            }
            """);
        Assert.Equal("delivered", await test.SettledAsync(id));
    }

    [Fact]
    public async Task The_webhook_of_a_job_with_a_missing_input_contains_its_error()
    {
        using var test = new WebhookTest();
        var missing = test.Service.Emulator.BaseUri + "files/uploads/none.png";
        await test.Service.SubmitAsync(new JsonObject
        {
            ["model"] = "nano-banana-2",
            ["prompt"] = "x",
            ["nanoBananaParams"] = new JsonObject { ["image_input"] = missing },
            ["webhookUrl"] = _receiver.Url,
        }.ToJsonString());

        await test.PassAsync(10);

        Assert.Equal("The input image could not be fetched: " + missing, TestEmulator.Text(BodyOf(await _receiver.NextAsync()), "error"));
    }

    [Fact]
    public async Task Progress_webhooks_are_sent_if_they_are_requested()
    {
        using var test = new WebhookTest();
        var id = await test.SubmitAsync(_receiver.Url, "completed", "progress");

        foreach (var (wait, progress) in new[] { (3.182, 25), (2.273, 50), (2.273, 75) })
        {
            await test.PassAsync(wait);
            var request = await _receiver.NextAsync();
            Assert.Equal("progress", request.Header("X-Webhook-Event"));
            AssertBody(request, $$"""
                { "event": "progress", "jobId": "{{id}}", "status": "PROCESSING", "progress": {{progress}}, "model": "nano-banana-2" }
                """);
            Assert.Equal("pending", await test.StatusAsync(id));
            await test.BeginsAsync();
        }

        await test.PassAsync(2.272);
        Assert.Equal("completed", (await _receiver.NextAsync()).Header("X-Webhook-Event"));
        Assert.Equal("delivered", await test.SettledAsync(id));
        Assert.Equal(4, test.Service.Emulator.Counts.WebhooksDelivered);
    }

    [Fact]
    public async Task A_webhook_in_the_form_of_the_model_page_is_registered()
    {
        using var test = new WebhookTest(form: EmulatorRequestForm.ModelPage);
        var body = new JsonObject { ["model"] = "nano-banana-2", ["prompt"] = "x", ["webhook_url"] = _receiver.Url };
        var id = await test.Service.SubmitAsync(body.ToJsonString());

        await test.PassAsync(10);

        Assert.Equal(id, TestEmulator.Text(BodyOf(await _receiver.NextAsync()), "jobId"));
    }

    [Fact]
    public async Task A_job_without_a_webhook_has_no_webhook_status()
    {
        using var test = new WebhookTest();

        Assert.Null(await test.StatusAsync(await test.Service.SubmitAsync()));
    }

    [Theory]
    [InlineData(EmulatorWebhookSignature.RawBytes)]
    [InlineData(EmulatorWebhookSignature.HexText)]
    [InlineData(EmulatorWebhookSignature.None)]
    public async Task A_webhook_is_signed_as_configured(EmulatorWebhookSignature signature)
    {
        using var test = new WebhookTest(signature);
        await test.SubmitAsync(_receiver.Url);

        await test.PassAsync(10);
        var request = await _receiver.NextAsync();

        Assert.Equal(WebhookSignature.Of(request.Body, TestEmulator.ApiKey, signature), request.Header("X-Webhook-Signature"));
    }

    [Theory]
    [InlineData(EmulatorWebhookSignature.RawBytes, "sha256=c9d0f1f87092d557416a97ed8684bd76bfc9c530d8d19483d919141975f796a4")]
    [InlineData(EmulatorWebhookSignature.HexText, "sha256=78f7d215ef488c24b73f7726b48c1a06cf7a94fdfb3fc672733c90c027d82383")]
    [InlineData(EmulatorWebhookSignature.None, null)]
    public void Signatures_match_the_published_example(EmulatorWebhookSignature signature, string? expected)
    {
        var body = """{"event":"completed","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90","status":"COMPLETED"}"""u8.ToArray();

        Assert.Equal(expected, WebhookSignature.Of(body, "afk_example_0123456789abcdef", signature));
    }

    [Fact]
    public async Task Many_jobs_that_end_at_the_same_time_send_one_webhook_each()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 0 });
        var body = new JsonObject { ["model"] = "nano-banana-2", ["prompt"] = "x", ["webhookUrl"] = _receiver.Url }.ToJsonString();

        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => test.SubmitAsync(body)));
        var told = new string[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            told[i] = TestEmulator.Text(BodyOf(await _receiver.NextAsync()), "jobId");
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static JsonNode BodyOf(HttpRequest request) => JsonNode.Parse(Encoding.UTF8.GetString(request.Body))!;

    private static void AssertBody(HttpRequest request, string expected)
    {
        var body = BodyOf(request);
        Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(expected)), body.ToJsonString());
    }
}
