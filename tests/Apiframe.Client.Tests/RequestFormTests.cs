using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class RequestFormTests
{
    private const string Refusal = """{ "error": "Validation failed" }""";

    private readonly FakeService _service = new();

    private static SubmitRequest OneReference => new() { Prompt = "x", ReferenceImage = ["https://a.example/1.png"] };

    [Fact]
    public async Task One_reference_goes_as_the_model_page_says()
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);

        Assert.Contains("\"image_input\":\"https://a.example/1.png\"", _service.Api.Sent[0].Body);
    }

    [Fact]
    public async Task A_webhook_with_default_events_goes_as_the_model_page_says()
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(new SubmitRequest { Prompt = "x", WebhookUrl = "https://h.example" }, TestContext.Current.CancellationToken);

        Assert.Contains("\"webhook_url\":\"https://h.example\"", _service.Api.Sent[0].Body);
        Assert.DoesNotContain("webhookEvents", _service.Api.Sent[0].Body);
    }

    [Fact]
    public async Task A_refused_form_is_followed_by_the_other_once_under_the_same_key_and_remembered()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);
        await _service.Client.SubmitAsync(new SubmitRequest { Prompt = "x", WebhookUrl = "https://h.example" }, TestContext.Current.CancellationToken);

        Assert.Equal(3, _service.Api.Sent.Count);
        Assert.Contains("\"image_input\":[\"https://a.example/1.png\"]", _service.Api.Sent[1].Body);
        Assert.Equal(_service.Api.Sent[0].Header("Idempotency-Key"), _service.Api.Sent[1].Header("Idempotency-Key"));
        Assert.Contains("\"webhookEvents\":[\"completed\",\"failed\"]", _service.Api.Sent[2].Body);
    }

    [Theory]
    [InlineData("failed,completed", "webhook_url")]
    [InlineData("completed", "webhookEvents\":[\"completed\"]")]
    [InlineData("progress", "webhookEvents\":[\"progress\"]")]
    public async Task Chosen_events_go_as_the_model_page_says_only_if_they_are_its_own(string events, string sent)
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(
            new SubmitRequest { Prompt = "x", WebhookUrl = "https://h.example", WebhookEvent = events.Split(',') }, TestContext.Current.CancellationToken);

        Assert.Contains(sent, _service.Api.Sent[0].Body);
    }

    [Fact]
    public async Task Fewer_events_than_the_default_fall_back_on_the_default_and_more_do_not()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202).Json(Refusal, 400);
        var request = new SubmitRequest { Prompt = "x", WebhookUrl = "https://h.example", WebhookEvent = ["failed"] };

        await _service.Client.SubmitAsync(request, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(request with { WebhookEvent = ["progress"] }, TestContext.Current.CancellationToken));

        Assert.Contains("webhook_url", _service.Api.Sent[1].Body);
        Assert.Equal(3, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task Many_submissions_at_once_find_the_form_with_one_refusal()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken)));

        Assert.Equal(9, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task A_request_that_both_forms_refuse_is_an_error_of_the_request()
    {
        _service.Api.Json("""{ "error": "Validation failed", "details": { "prompt": ["Not allowed", "Too rude"] } }""", 400);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken));

        Assert.Equal(2, _service.Api.Sent.Count);
        Assert.Equal(["Not allowed", "Too rude"], e.Details["prompt"]);
        Assert.Contains("prompt: Not allowed, Too rude", e.Message);
    }

    [Fact]
    public async Task A_refusal_for_another_reason_says_nothing_about_the_form()
    {
        _service.Api.Json("""{ "error": "Invalid API key" }""", 401).Json(FakeService.Accepted(), 202);

        await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken));
        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);

        Assert.All(_service.Api.Sent, sent => Assert.Contains("\"image_input\":\"https://a.example/1.png\"", sent.Body));
    }

    [Fact]
    public async Task A_request_that_is_the_same_in_both_forms_is_sent_once()
    {
        _service.Api.Json(Refusal, 400);

        await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Single(_service.Api.Sent);
    }
}
