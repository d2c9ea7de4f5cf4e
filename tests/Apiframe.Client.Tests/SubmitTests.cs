using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class SubmitTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task A_request_with_only_a_prompt_has_the_documented_body()
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        SentRequest sent = Assert.Single(_service.Api.Sent);
        Assert.Equal("POST", sent.Method);
        Assert.Equal("https://api.apiframe.ai/v2/images/generate", sent.Url.ToString());
        Assert.Equal("""{"model":"nano-banana-2","prompt":"A red kite over a lighthouse"}""", sent.Body);
        Assert.Equal(FakeService.Key, sent.Header("X-API-Key"));
        Assert.Equal("application/json; charset=utf-8", sent.Header("Content-Type"));
        Assert.StartsWith("Apiframe.Client/", sent.Header("User-Agent"));
    }

    [Fact]
    public async Task Every_option_is_sent_in_the_documented_field()
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(new SubmitRequest
        {
            Prompt = "é 漢字 🍌 \"quoted\"\nnext line",
            Model = "nano-banana-pro",
            Resolution = "2k",
            AspectRatio = "16:9",
            OutputFormat = "PNG",
            ReferenceImage = ["https://files.example.net/a.png", "https://files.example.net/b.png"],
            GoogleSearch = true,
            ImageSearch = true,
            WebhookUrl = "https://hooks.example.net/x",
            WebhookEvent = ["Completed", "progress"],
        }, TestContext.Current.CancellationToken);

        JsonElement body = JsonDocument.Parse(_service.Api.Sent[0].Body!).RootElement;
        Assert.Equal("é 漢字 🍌 \"quoted\"\nnext line", body.GetProperty("prompt").GetString());
        Assert.Equal("nano-banana-pro", body.GetProperty("model").GetString());
        Assert.Equal("https://hooks.example.net/x", body.GetProperty("webhookUrl").GetString());
        Assert.Equal(["completed", "progress"], body.GetProperty("webhookEvents").EnumerateArray().Select(e => e.GetString()));
        JsonElement parameters = body.GetProperty("nanoBananaParams");
        Assert.Equal("2K", parameters.GetProperty("resolution").GetString());
        Assert.Equal("16:9", parameters.GetProperty("aspect_ratio").GetString());
        Assert.Equal("png", parameters.GetProperty("output_format").GetString());
        Assert.Equal(2, parameters.GetProperty("image_input").GetArrayLength());
        Assert.True(parameters.GetProperty("google_search").GetBoolean());
        Assert.True(parameters.GetProperty("image_search").GetBoolean());
    }

    [Fact]
    public async Task The_job_contains_the_request_and_its_key()
    {
        _service.Api.Json(FakeService.Accepted("queued"), 202);

        BananaJob job = await _service.Client.SubmitAsync(
            new SubmitRequest { Prompt = "A kite", Resolution = "4K", OutputFormat = "webp" }, TestContext.Current.CancellationToken);

        Assert.Equal(FakeService.JobId, job.JobId);
        Assert.Equal("QUEUED", job.Status);
        Assert.False(job.IsFinal);
        Assert.Equal(("A kite", "nano-banana-2", "4K", "webp"), (job.Prompt, job.Model, job.Resolution, job.OutputFormat));
        Assert.Equal(_service.Api.Sent[0].Header("Idempotency-Key"), job.IdempotencyKey);
        Assert.True(Guid.TryParse(job.IdempotencyKey, out _));
        Assert.Null(job.ImageUrl);
        Assert.Equal(_service.Clock.UtcNow, job.CreatedAt);
    }

    [Fact]
    public async Task Every_attempt_at_an_image_uses_one_key_and_two_images_use_two()
    {
        _service.Api
            .Throw(new HttpRequestException("reset"))
            .Json("{}", 503)
            .Answer(502, "<html>bad gateway</html>")
            .Json("not json", 202)
            .Json("{}", 202)
            .Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);
        await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        string?[] keys = _service.Api.Sent.Select(sent => sent.Header("Idempotency-Key")).ToArray();
        Assert.Equal(7, keys.Length);
        Assert.Single(keys.Take(6).Distinct());
        Assert.NotEqual(keys[0], keys[6]);
    }

    [Fact]
    public async Task A_specified_key_is_used_unchanged()
    {
        _service.Api.Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(new SubmitRequest { Prompt = "x", IdempotencyKey = "night-7/3" }, TestContext.Current.CancellationToken);

        Assert.Equal("night-7/3", _service.Api.Sent[0].Header("Idempotency-Key"));
    }

    [Fact]
    public async Task After_all_attempts_without_a_clear_response_the_outcome_is_unknown()
    {
        _service.Api.Throw(new HttpRequestException("reset"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.DoesNotContain("earlier attempt", e.Message, StringComparison.Ordinal);
        Assert.Equal(6, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task A_lost_response_followed_by_a_rejection_is_an_unknown_outcome()
    {
        _service.Api.Throw(new HttpRequestException("reset")).Json("""{ "error": "Invalid API key" }""", 401);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(ApiframeErrorKind.Authentication, Assert.IsType<ApiframeException>(e.InnerException).Kind);
        Assert.Contains("The response to an earlier attempt was lost. The last attempt failed: The service does not accept the API key", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_for_a_missing_key_says_that_no_request_was_sent()
    {
        var service = new FakeService(new ApiframeConnectionOptions());

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal((ApiframeErrorKind.MissingApiKey, Charge.NotSent), (e.Kind, e.Charge));
        Assert.Empty(service.Api.Sent);
    }

    [Theory]
    [InlineData(400, "Validation failed")]
    [InlineData(401, "Invalid API key")]
    [InlineData(402, "Insufficient credits")]
    [InlineData(403, "API key is inactive")]
    [InlineData(409, "Conflict")]
    public async Task An_unknown_outcome_stays_unknown_after_any_rejection_of_the_repeat(int status, string said)
    {
        _service.Api.Throw(new HttpRequestException("reset")).Json($$"""{ "error": "{{said}}" }""", status);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(
            FakeService.Request() with { ReferenceImage = ["https://a.example/1.png"] }, TestContext.Current.CancellationToken));

        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, status), (e.Kind, e.StatusCode));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing", e.Message, StringComparison.Ordinal);
        Assert.Single(_service.Api.Sent.Select(sent => sent.Header("Idempotency-Key")).Distinct());
    }

    [Fact]
    public async Task An_unknown_outcome_is_known_as_soon_as_there_is_a_job()
    {
        _service.Api.Throw(new HttpRequestException("reset")).Json("""{ "error": "Validation failed" }""", 400).Json(FakeService.Accepted(), 202);

        BananaJob job = await _service.Client.SubmitAsync(
            FakeService.Request() with { ReferenceImage = ["https://a.example/1.png"] }, TestContext.Current.CancellationToken);

        Assert.Equal(FakeService.JobId, job.JobId);
    }

    [Fact]
    public async Task A_request_of_unknown_outcome_stays_unknown_when_a_later_command_is_rejected()
    {
        _service.Api.Throw(new HttpRequestException("reset"));
        ApiframeException first = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));
        var later = new FakeService();
        later.Clock.Advance(TimeSpan.FromHours(23));
        later.Api.Json("""{ "error": "Invalid API key" }""", 401);

        ApiframeException second = await Assert.ThrowsAsync<ApiframeException>(
            () => later.Client.SubmitAsync(first.Request!, TestContext.Current.CancellationToken));
        later.Clock.Advance(first.Request!.OutcomeUnknownSince!.Value.AddHours(24) - later.Clock.UtcNow);
        ApiframeException third = await Assert.ThrowsAsync<ApiframeException>(
            () => later.Client.SubmitAsync(second.Request!, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, second.Kind);
        Assert.Equal(first.Request!.OutcomeUnknownSince, second.Request!.OutcomeUnknownSince);
        Assert.Equal(ApiframeErrorKind.Authentication, third.Kind);
    }

    [Fact]
    public async Task Without_its_key_a_request_of_unknown_outcome_is_a_new_one()
    {
        _service.Api.Throw(new HttpRequestException("reset"));
        ApiframeException first = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));
        var later = new FakeService();
        later.Api.Json("""{ "error": "Invalid API key" }""", 401);

        ApiframeException second = await Assert.ThrowsAsync<ApiframeException>(
            () => later.Client.SubmitAsync(first.Request! with { IdempotencyKey = null }, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.Authentication, second.Kind);
    }

    public static TheoryData<Exception> FailuresToConnect =>
    [
        new SocketException((int)SocketError.ConnectionRefused),
        // These are the exceptions of .NET Framework.
        new WebException("Unable to connect to the remote server", WebExceptionStatus.ConnectFailure),
        new WebException("The remote name could not be resolved", WebExceptionStatus.NameResolutionFailure),
        new WebException("The proxy name could not be resolved", WebExceptionStatus.ProxyNameResolutionFailure),
        new WebException("Unable to connect", new IOException("refused"), WebExceptionStatus.ConnectFailure, null),
    ];

    [Theory]
    [MemberData(nameof(FailuresToConnect), DisableDiscoveryEnumeration = true)]
    public async Task A_failed_connection_has_billed_nothing(Exception failure)
    {
        _service.Api.Throw(new HttpRequestException("An error occurred while sending the request.", failure));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.Network, e.Kind);
    }

    public static TheoryData<Exception> ExceptionsOfTheStack =>
    [
        new InvalidDataException("The archive entry was compressed using an unsupported compression method."),
        new UriFormatException("Invalid URI"),
        new NotSupportedException("Specified method is not supported."),
        new InvalidOperationException("The stream is in use."),
        new ObjectDisposedException("SslStream"),
        new TaskCanceledException("The connection was given up by the pool."),
    ];

    [Theory]
    [MemberData(nameof(ExceptionsOfTheStack), DisableDiscoveryEnumeration = true)]
    public async Task Any_exception_of_the_network_stack_is_a_lost_response(Exception exception)
    {
        _service.Api.Throw(exception).Json(FakeService.Accepted(), 202);

        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        Assert.Equal((FakeService.JobId, 2), (job.JobId, _service.Api.Sent.Count));
    }

    [Theory]
    [MemberData(nameof(ExceptionsOfTheStack), DisableDiscoveryEnumeration = true)]
    public async Task When_every_attempt_throws_the_outcome_is_unknown(Exception exception)
    {
        _service.Api.Throw(exception);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(ApiframeErrorKind.Network, Assert.IsType<ApiframeException>(e.InnerException).Kind);
    }

    [Fact]
    public async Task A_timeout_of_a_request_is_not_a_cancellation()
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, RequestTimeout = TimeSpan.FromMilliseconds(1), MaximumRetryCount = 0,
        });
        service.Api.Hang();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(ApiframeErrorKind.RequestTimeout, Assert.IsType<ApiframeException>(e.InnerException).Kind);
    }

    [Fact]
    public async Task A_submission_that_is_canceled_before_it_is_sent_is_not_sent()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _service.Client.SubmitAsync(FakeService.Request(), cancel.Token));

        Assert.Empty(_service.Api.Sent);
    }

    [Fact]
    public async Task Cancellation_during_a_wait_for_the_rate_limit_ends_a_submission_without_a_bill()
    {
        using var cancel = new CancellationTokenSource();
        _service.Api.Do(_ =>
        {
            cancel.Cancel();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _service.Client.SubmitAsync(FakeService.Request(), cancel.Token));

        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task A_submission_that_is_canceled_after_it_was_sent_still_returns_its_job()
    {
        using var cancel = new CancellationTokenSource();
        _service.Api.Do(async token =>
        {
            await cancel.CancelAsync();
            Assert.False(token.IsCancellationRequested);
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent(FakeService.Accepted(), Encoding.UTF8, "application/json") };
        });

        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request(), cancel.Token);

        Assert.Equal(FakeService.JobId, job.JobId);
    }

    [Fact]
    public async Task A_submission_that_is_canceled_and_rejected_is_an_error_about_the_rejection()
    {
        using var cancel = new CancellationTokenSource();
        _service.Api.Do(async _ =>
        {
            await cancel.CancelAsync();
            return new HttpResponseMessage(HttpStatusCode.PaymentRequired);
        });

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(FakeService.Request(), cancel.Token));

        Assert.Equal(ApiframeErrorKind.InsufficientCredits, e.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_canceled_submission_without_a_response_has_an_unknown_outcome_and_is_sent_once(bool answers)
    {
        using var cancel = new CancellationTokenSource();
        _service.Api.Do(async token =>
        {
            await cancel.CancelAsync();
            await Task.Delay(answers ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, token);
            throw new HttpRequestException("reset");
        });

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(FakeService.Request(), cancel.Token));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(_service.Api.Sent.Single().Header("Idempotency-Key"), e.Request!.IdempotencyKey);
        Assert.NotNull(e.Request.OutcomeUnknownSince);
    }

    [Fact]
    public async Task Cancellation_ends_a_status_request_at_once()
    {
        using var cancel = new CancellationTokenSource();
        bool wasCancelled = false;
        _service.Api.Do(async token =>
        {
            await cancel.CancelAsync();
            wasCancelled = token.IsCancellationRequested;
            throw new HttpRequestException("reset");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _service.Client.GetJobAsync(FakeService.JobId, cancel.Token));

        Assert.True(wasCancelled);
        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task After_a_429_the_requested_time_is_waited_and_it_does_not_count_as_an_attempt()
    {
        _service.Api
            .Json("""{ "error": "Too many requests" }""", 429, ("Retry-After", "7"))
            .Json("""{ "error": "Too many requests" }""", 429, ("Retry-After", "Fri, 20 Nov 2026 09:00:20 GMT"))
            .Json("""{ "error": "Too many requests" }""", 429)
            .Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(13), TimeSpan.FromSeconds(4)], _service.Clock.Delays);
    }

    [Fact]
    public async Task A_429_with_Retry_After_holds_back_every_call_of_the_connection()
    {
        _service.Api.Json("{}", 429, ("Retry-After", "7")).Json(FakeService.Completed());
        var other = new ApiframeClient(_service.Connection);

        await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(
            BananaJob.FromId(FakeService.JobId, _service.Connection), retry: false, TestContext.Current.CancellationToken));
        await other.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal([TimeSpan.FromSeconds(7)], _service.Clock.Delays);
    }

    [Fact]
    public async Task A_429_without_Retry_After_holds_back_only_its_own_call()
    {
        _service.Api.Json("""{ "error": "Too many concurrent jobs" }""", 429).Json(FakeService.Completed());

        await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(
            BananaJob.FromId(FakeService.JobId, _service.Connection), retry: false, TestContext.Current.CancellationToken));
        await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Empty(_service.Clock.Delays);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("Thu, 01 Jan 2026 00:00:00 GMT")]
    public async Task A_Retry_After_of_zero_or_less_still_causes_growing_waits(string retryAfter)
    {
        _service.Api.Json("{}", 429, ("Retry-After", retryAfter)).Json("{}", 429, ("Retry-After", retryAfter)).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], _service.Clock.Delays);
    }

    [Fact]
    public async Task A_rate_limit_beyond_its_timeout_is_an_error_and_nothing_is_billed()
    {
        _service.Api.Json("{}", 429, ("Retry-After", "60"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.RateLimited, e.Kind);
        Assert.Equal(TimeSpan.FromMinutes(10), _service.Clock.Elapsed);
    }

    [Fact]
    public async Task With_a_rate_limit_timeout_of_zero_ten_prompts_fail_at_once_with_one_request()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, RateLimitTimeout = TimeSpan.Zero });
        service.Api.Json("{}", 429, ("Retry-After", "5"));

        for (int i = 0; i < 10; i++)
        {
            ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
                () => service.Client.SubmitAsync(FakeService.Request($"kite {i}"), TestContext.Current.CancellationToken));
            Assert.Equal((ApiframeErrorKind.RateLimited, $"kite {i}"), (e.Kind, e.Request!.Prompt));
        }

        Assert.Single(service.Api.Sent);
        Assert.Equal(TimeSpan.Zero, service.Clock.Elapsed);
    }

    [Fact]
    public async Task A_hold_of_the_connection_counts_toward_the_rate_limit_timeout()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, RateLimitTimeout = TimeSpan.FromSeconds(7) });
        service.Api.Json("{}", 429, ("Retry-After", "5"));
        await Assert.ThrowsAsync<ApiframeException>(() => service.Client.GetJobAsync(
            BananaJob.FromId(FakeService.JobId, service.Connection), retry: false, TestContext.Current.CancellationToken));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.RateLimited, e.Kind);
        Assert.Equal((2, TimeSpan.FromSeconds(5)), (service.Api.Sent.Count, service.Clock.Elapsed));
    }

    [Theory]
    [InlineData(400, ApiframeErrorKind.InvalidRequest)]
    [InlineData(401, ApiframeErrorKind.Authentication)]
    [InlineData(402, ApiframeErrorKind.InsufficientCredits)]
    [InlineData(403, ApiframeErrorKind.Forbidden)]
    [InlineData(404, ApiframeErrorKind.NotFound)]
    [InlineData(409, ApiframeErrorKind.Conflict)]
    [InlineData(413, ApiframeErrorKind.InvalidRequest)]
    [InlineData(415, ApiframeErrorKind.InvalidRequest)]
    [InlineData(422, ApiframeErrorKind.InvalidRequest)]
    [InlineData(501, ApiframeErrorKind.ServiceUnavailable)]
    [InlineData(302, ApiframeErrorKind.Gateway)]
    public async Task A_final_rejection_is_not_retried(int status, ApiframeErrorKind kind)
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = status == 302 ? 0 : 5 });
        service.Api.Json("""{ "error": "No" }""", status, ("x-request-id", "req_1"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(kind, e.Kind);
        Assert.Equal(status, e.StatusCode);
        Assert.Equal("req_1", e.RequestId);
        Assert.Single(service.Api.Sent);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_error_is_retried_after_growing_random_waits(int status)
    {
        _service.Api.Json("""{ "error": "Queue down" }""", status).Json("""{ "error": "Queue down" }""", status).Json(FakeService.Accepted(), 202);

        await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        Assert.Equal(2, _service.Clock.Delays.Count);
        Assert.InRange(_service.Clock.Delays[0], TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
        Assert.InRange(_service.Clock.Delays[1], TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
    }
}
