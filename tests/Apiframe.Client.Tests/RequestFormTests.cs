using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class RequestFormTests
{
    private const string Conflict = """{ "error": "Same key, other body" }""";

    private const string Refusal = """{ "error": "Validation failed" }""";

    private readonly FakeService _service = new();

    private static SubmitRequest OneReference => new() { Prompt = "x", ReferenceImage = ["https://a.example/1.png"] };

    private static SubmitRequest Webhook => new() { Prompt = "x", WebhookUrl = "https://h.example" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_reference_is_sent_in_the_form_of_the_model_page()
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);

        Assert.Contains("\"image_input\":\"https://a.example/1.png\"", _service.Api.Sent[0].Body);
    }

    [Theory]
    [InlineData(null, "completed\",\"failed")]
    [InlineData("failed,completed", "failed\",\"completed")]
    [InlineData("progress", "progress")]
    public async Task A_webhook_and_its_references_are_sent_in_the_form_of_the_OpenAPI_description(string? events, string sent)
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(Webhook with { WebhookEvent = events?.Split(',') ?? [], ReferenceImage = OneReference.ReferenceImage }, Token);

        Assert.Contains($"\"webhookUrl\":\"https://h.example\",\"webhookEvents\":[\"{sent}\"]", _service.Api.Sent[0].Body);
        Assert.Contains("\"image_input\":[\"https://a.example/1.png\"]", _service.Api.Sent[0].Body);
    }

    [Fact]
    public async Task After_a_rejected_form_the_other_is_sent_once_under_the_same_key_and_remembered()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(OneReference, Token);
        await _service.Client.SubmitAsync(OneReference, Token);

        Assert.Equal([false, true, true], _service.Api.Sent.Select(HasList));
        Assert.Equal(_service.Api.Sent[0].Header("Idempotency-Key"), _service.Api.Sent[1].Header("Idempotency-Key"));
    }

    [Fact]
    public async Task After_a_rejected_webhook_the_form_of_the_model_page_is_sent_once_under_the_same_key_and_remembered()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(Webhook, Token);
        await _service.Client.SubmitAsync(Webhook, Token);

        Assert.Equal([false, true, true], _service.Api.Sent.Select(sent => sent.Body!.Contains("\"webhook_url\":\"https://h.example\"", StringComparison.Ordinal)));
        Assert.Equal(_service.Api.Sent[0].Header("Idempotency-Key"), _service.Api.Sent[1].Header("Idempotency-Key"));
    }

    [Fact]
    public async Task The_forms_of_webhooks_and_references_are_learned_independently()
    {
        _service.Api.Json(FakeService.Accepted(), 202);
        await _service.Client.SubmitAsync(Webhook, Token);
        await _service.Client.SubmitAsync(OneReference, Token);
        Assert.Contains("\"image_input\":\"https://a.example/1.png\"", _service.Api.Sent[1].Body);

        var other = new FakeService();
        other.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202).Json(Refusal, 400).Json(FakeService.Accepted(), 202);
        await other.Client.SubmitAsync(OneReference, Token);
        await other.Client.SubmitAsync(Webhook with { ReferenceImage = OneReference.ReferenceImage }, Token);
        await other.Client.SubmitAsync(Webhook, Token);
        await other.Client.SubmitAsync(OneReference, Token);
        Assert.Equal(
            ["string", "list", "list webhookUrl", "string webhook_url", "webhookUrl", "list"],
            other.Api.Sent.Select(sent => string.Join(" ", new[] { "\"image_input\":\"", "\"image_input\":[", "webhookUrl", "webhook_url" }
                .Where(one => sent.Body!.Contains(one, StringComparison.Ordinal))
                .Select(one => one switch { "\"image_input\":\"" => "string", "\"image_input\":[" => "list", _ => one }))));
    }

    [Fact]
    public async Task Several_references_are_sent_only_in_the_form_of_the_OpenAPI_description()
    {
        _service.Api.Json(Refusal, 400);

        await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(
            OneReference with { ReferenceImage = ["https://a.example/1.png", "https://a.example/2.png"] }, Token));

        Assert.True(HasList(Assert.Single(_service.Api.Sent)));
    }

    [Fact]
    public async Task A_returned_job_of_an_earlier_run_does_not_determine_the_form_of_new_requests()
    {
        // The service knows the key of the first request, so it ignores the form of that request.
        _service.Api.Json(FakeService.Accepted("COMPLETED"), 202).Json(Refusal, 400).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(OneReference), Token);
        await _service.Client.SubmitAsync(OneReference, Token);
        await _service.Client.SubmitAsync(OneReference, Token);

        Assert.Equal([false, false, true, true], _service.Api.Sent.Select(HasList));
    }

    [Fact]
    public async Task Events_within_the_default_can_be_sent_in_the_other_form_and_others_cannot()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202).Json(Refusal, 400);
        SubmitRequest request = Webhook with { WebhookEvent = ["failed"] };

        await _service.Client.SubmitAsync(request, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(request with { WebhookEvent = ["progress"] }, TestContext.Current.CancellationToken));

        Assert.Contains("webhook_url", _service.Api.Sent[1].Body);
        Assert.Equal(3, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task Simultaneous_submissions_find_the_form_with_one_rejection()
    {
        var gate = new TaskCompletionSource();
        _service.Api.Do(async _ =>
        {
            await gate.Task;
            return await Answer(Refusal, HttpStatusCode.BadRequest);
        });
        _service.Api.Json(FakeService.Accepted(), 202);

        Task<BananaJob>[] submissions = [.. Enumerable.Range(0, 8).Select(_ => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken))];
        Assert.Single(_service.Api.Sent);
        gate.SetResult();
        await Task.WhenAll(submissions);

        Assert.Equal(9, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task A_late_acceptance_of_the_other_form_does_not_change_a_form_that_a_rejection_has_proven()
    {
        var gate = new TaskCompletionSource();
        _service.Api.Json(FakeService.Accepted(), 202);
        _service.Api.Do(async _ =>
        {
            await gate.Task;
            return await Answer(FakeService.Accepted());
        });
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202);
        await _service.Client.SubmitAsync(OneReference, Token);

        Task<BananaJob> late = _service.Client.SubmitAsync(OneReference, Token);
        await _service.Client.SubmitAsync(OneReference, Token);
        gate.SetResult();
        await late;
        await _service.Client.SubmitAsync(OneReference, Token);

        Assert.Equal([false, false, false, true, true], _service.Api.Sent.Select(HasList));
    }

    [Fact]
    public async Task A_request_that_is_rejected_in_both_forms_is_an_invalid_request()
    {
        _service.Api.Json("""{ "error": "Validation failed", "details": { "prompt": ["Not allowed", "Too rude"] } }""", 400);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken));

        Assert.Equal(2, _service.Api.Sent.Count);
        Assert.Equal(["Not allowed", "Too rude"], e.Details["prompt"]);
        Assert.Contains("prompt: Not allowed, Too rude", e.Message);
    }

    [Fact]
    public async Task A_rejection_for_another_reason_does_not_change_the_form()
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

    [Fact]
    public async Task A_key_that_is_known_in_the_other_form_returns_its_job()
    {
        _service.Api.Json(Conflict, 409).Json(FakeService.Accepted(), 202);

        BananaJob job = await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);

        Assert.Equal(FakeService.JobId, job.JobId);
        Assert.Equal(2, _service.Api.Sent.Count);
        Assert.Contains("\"image_input\":[\"https://a.example/1.png\"]", _service.Api.Sent[1].Body);
        Assert.Equal(_service.Api.Sent[0].Header("Idempotency-Key"), _service.Api.Sent[1].Header("Idempotency-Key"));
    }

    [Fact]
    public async Task A_key_that_is_known_in_the_other_form_returns_its_job_after_the_form_was_learned()
    {
        _service.Api.Json(FakeService.Accepted(), 202).Json(Conflict, 409).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);
        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);
        await _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken);

        Assert.Equal([false, false, true, false], _service.Api.Sent.Select(HasList));
    }

    [Fact]
    public async Task A_key_that_is_known_in_the_form_that_new_requests_may_not_have_returns_its_job()
    {
        _service.Api.Json(Refusal, 400).Json(FakeService.Accepted(), 202).Json(Conflict, 409).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(OneReference, Token);
        await _service.Client.SubmitAsync(OneReference, Token);

        Assert.Equal([false, true, true, false], _service.Api.Sent.Select(HasList));
    }

    [Fact]
    public async Task A_rejection_of_the_account_in_the_other_form_is_the_error_and_not_the_conflict()
    {
        _service.Api.Json(Conflict, 409).Json("""{ "error": "Invalid API key" }""", 401);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(OneReference, Token));

        Assert.Equal((ApiframeErrorKind.Authentication, 2), (e.Kind, _service.Api.Sent.Count));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task A_key_that_is_known_in_neither_form_is_a_conflict(int second)
    {
        _service.Api.Json(Conflict, 409).Json(Refusal, second);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken));

        Assert.Equal((ApiframeErrorKind.Conflict, 2), (e.Kind, _service.Api.Sent.Count));
        Assert.Contains("Same key, other body", e.Message);
    }

    [Fact]
    public async Task Requests_that_waited_for_the_form_do_not_wait_for_one_another()
    {
        var gate = new TaskCompletionSource();
        int waiting = 0;
        _service.Api.Do(_ => Answer(FakeService.Accepted()));
        _service.Api.Do(async _ =>
        {
            // The other requests get their responses only after all of them have arrived.
            if (Interlocked.Increment(ref waiting) == 7)
            {
                gate.SetResult();
            }

            await gate.Task.WaitAsync(TestContext.Current.CancellationToken);
            return await Answer(FakeService.Accepted());
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _service.Client.SubmitAsync(OneReference, TestContext.Current.CancellationToken)))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(8, _service.Api.Sent.Count);
    }

    private static bool HasList(SentRequest sent) => sent.Body!.Contains("\"image_input\":[", StringComparison.Ordinal);

    private static Task<HttpResponseMessage> Answer(string json, HttpStatusCode status = HttpStatusCode.Accepted) => Task.FromResult(
        new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") });
}
