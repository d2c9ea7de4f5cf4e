using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class IdempotencyScopeTests
{
    private const string Failed = """{ "status": "FAILED", "creditCost": 0 }""";
    private const string Cancelled = """{ "status": "CANCELLED", "creditCost": 0 }""";

    private readonly FakeService _service = new();
    private (int Status, string Json)? _answerOfJobs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_batch_gets_the_same_keys_in_every_run()
    {
        string?[] Run() => new[] { "a", "b", "a", "a" }.Select(new Batch("nightly").Key).ToArray();

        string?[] keys = Run();

        Assert.Equal(keys, Run());
        Assert.Equal(4, keys.Distinct().Count());
    }

    [Fact]
    public void The_order_of_different_prompts_does_not_matter()
    {
        var first = new Batch("nightly");
        var second = new Batch("nightly");

        Assert.Equal(new[] { "a", "b" }.Select(first.Key).Order(), new[] { "b", "a" }.Select(second.Key).Order());
    }

    [Fact]
    public void A_scope_gives_the_same_keys_as_earlier_versions_of_this_library() => Assert.Equal(
        ["scope-2fe60012580ca0b440f0eaab4ad444644b993e09", "scope-11d4eff700ed70380e3c46f29ad5af55e03f4a29", "scope-153ebf4235876c8740c8906e82f12c0f037fedea"],
        Enumerable.Repeat("A red kite over a lighthouse", 3).Select(new Batch("nightly").Key));

    [Fact]
    public void Another_scope_or_option_gives_another_key()
    {
        SubmitRequest[] requests =
        [
            FakeService.Request(),
            FakeService.Request() with { Model = "nano-banana-pro" },
            FakeService.Request() with { Resolution = "2K" },
            FakeService.Request() with { AspectRatio = "16:9" },
            FakeService.Request() with { OutputFormat = "png" },
            FakeService.Request() with { ReferenceImage = ["https://a.example/1.png"] },
            FakeService.Request() with { ReferenceImage = ["https://a.example/1.png", "https://a.example/2.png"] },
            FakeService.Request() with { GoogleSearch = true },
            FakeService.Request() with { ImageSearch = true },
            FakeService.Request() with { WebhookUrl = "https://a.example" },
            FakeService.Request() with { WebhookUrl = "https://a.example", WebhookEvent = ["failed"] },
        ];

        var keys = requests.Select(request => new IdempotencyScope("nightly").Claim(request).IdempotencyKey)
            .Append(new IdempotencyScope("weekly").Claim(requests[0]).IdempotencyKey);

        Assert.Equal(requests.Length + 1, keys.Distinct().Count());
    }

    [Fact]
    public void Another_spelling_of_an_option_gives_the_same_key()
    {
        var scope = new IdempotencyScope(" nightly ");

        Assert.Equal(
            new IdempotencyScope("nightly").Claim(FakeService.Request() with { Model = "nano-banana-2", Resolution = "2K", OutputFormat = " " }).IdempotencyKey,
            scope.Claim(FakeService.Request() with { Resolution = "2k" }).IdempotencyKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_scope_without_a_name_is_rejected(string name) => Assert.Throws<ArgumentException>(() => new IdempotencyScope(name));

    [Fact]
    public async Task A_failed_job_of_an_earlier_run_is_submitted_again_with_the_next_key_of_the_scope()
    {
        Route(("FAILED", Failed), ("CANCELLED", Cancelled), ("COMPLETED", null));
        SubmitRequest claimed = new IdempotencyScope("nightly").Claim(FakeService.Request());

        BananaJob job = await _service.Client.SubmitAsync(claimed, Token);

        Assert.Equal([claimed.IdempotencyKey!, claimed.IdempotencyKey + ".2", claimed.IdempotencyKey + ".3"], Keys);
        Assert.Equal(("COMPLETED", Keys[2]), (job.Status, job.IdempotencyKey));
    }

    [Theory]
    [InlineData("FAILED", """{ "status": "COMPLETED", "creditCost": 9, "result": "https://cdn.example.net/1.png" }""", "COMPLETED")]
    [InlineData("FAILED", """{ "status": "PROCESSING", "creditCost": 0 }""", "PROCESSING")]
    [InlineData("FAILED", """{ "status": "FAILED", "creditCost": 8 }""", "FAILED")]
    [InlineData("CANCELLED", """{ "status": "CANCELLED", "creditCost": 8 }""", "CANCELLED")]
    [InlineData("CANCELLED", """{ "status": "CANCELLED", "creditCost": null }""", "CANCELLED")]
    public async Task A_job_that_was_not_refunded_is_not_submitted_again(string answer, string job, string status)
    {
        Route((answer, job));
        SubmitRequest claimed = new IdempotencyScope("nightly").Claim(FakeService.Request("A kite"));

        BananaJob handedOn = await _service.Client.SubmitAsync(claimed, Token);

        Assert.Equal((status, "A kite", claimed.IdempotencyKey), (handedOn.Status, handedOn.Prompt, handedOn.IdempotencyKey));
        Assert.Equal([claimed.IdempotencyKey!], Keys);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(404)]
    [InlineData(403)]
    public async Task A_failed_job_that_cannot_be_requested_is_not_submitted_again(int status)
    {
        Route(("FAILED", null));
        _answerOfJobs = (status, """{ "error": "No" }""");
        SubmitRequest claimed = new IdempotencyScope("nightly").Claim(FakeService.Request());

        BananaJob job = await _service.Client.SubmitAsync(claimed, Token);

        Assert.Equal(("FAILED", false), (job.Status, job.IsSettled()));
        Assert.Equal([claimed.IdempotencyKey!], Keys);
    }

    [Fact]
    public async Task A_failed_job_of_an_earlier_run_is_requested_again_after_a_failed_request()
    {
        _service.Api.Json(FakeService.Accepted("FAILED"), 202).Json("{}", 503).Json(FakeService.Job("FAILED", """, "creditCost": 0""")).Json(FakeService.Accepted(), 202);

        BananaJob job = await _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token);

        Assert.Equal(("QUEUED", 2), (job.Status, Keys.Length));
    }

    [Fact]
    public async Task A_conflict_under_a_scope_says_that_its_job_is_billed_and_not_known()
    {
        _service.Api.Json("""{ "error": "Same key, other body" }""", 409);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token));

        Assert.Equal((ApiframeErrorKind.Conflict, 409), (e.Kind, e.StatusCode));
        Assert.Contains("does not report which job of the account. The earlier run was billed for that job.", e.Message, StringComparison.Ordinal);
        Assert.Equal(Charge.Billed, e.Charge);
        Assert.True(e.Request!.IsScoped);
    }

    [Fact]
    public async Task A_specified_key_is_never_changed()
    {
        _service.Api.Json(FakeService.Accepted("FAILED"), 202);

        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request() with { IdempotencyKey = "mine" }, Token);

        Assert.Equal(("FAILED", "mine"), (job.Status, job.IdempotencyKey));
        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task The_error_for_an_unknown_outcome_has_the_last_key_that_was_sent()
    {
        _service.Api.Json(FakeService.Accepted("FAILED"), 202).Json(FakeService.Job("FAILED")).Throw(new HttpRequestException("reset"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(_service.Api.Sent[^1].Header("Idempotency-Key"), e.Request!.IdempotencyKey);
        Assert.EndsWith(".2", e.Request.IdempotencyKey);
        Assert.Equal("A red kite over a lighthouse", e.Request.Prompt);
    }

    [Fact]
    public async Task A_prompt_that_fails_eleven_times_returns_its_last_job()
    {
        Route(("FAILED", Failed));

        BananaJob job = await _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token);

        Assert.Equal("FAILED", job.Status);
        Assert.Equal((11, 11), (Keys.Length, Keys.Distinct().Count()));
    }

    [Fact]
    public async Task Two_runs_of_a_batch_are_billed_once_and_failed_prompts_are_submitted_again()
    {
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = FakeService.Key, GenerationTimeSec = 0.2, FailureRate = 0.3, Seed = 7 });
        var client = new ApiframeClient(
            new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }), _service.Log.Add);

        async Task<BananaJob[]> RunAsync()
        {
            var scope = new IdempotencyScope("nightly");
            BananaJob[] jobs = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => client.SubmitAsync(scope.Claim(FakeService.Request($"kite {i / 2}")), Token)));
            var watcher = new JobWatcher(client, 8, Token);
            return await Task.WhenAll(jobs.Select(job => watcher.WaitAsync(job, TimeSpan.FromMinutes(1))));
        }

        BananaJob[] first = await RunAsync();
        BananaJob[] second = await RunAsync();
        BananaJob[] third = first;
        for (int run = 0; third.Any(job => job.Status == "FAILED"); run++)
        {
            Assert.InRange(run, 0, 50);
            third = await RunAsync();
        }

        Assert.Contains(first, job => job.Status == "FAILED");
        string[] made = first.Where(job => job.Status == "COMPLETED").Select(job => job.JobId).ToArray();
        Assert.Subset(second.Select(job => job.JobId).ToHashSet(), made.ToHashSet());
        Assert.Equal(30, third.Select(job => job.JobId).Distinct().Count());
        Assert.Equal(30, emulator.Counts.ImagesBilled);
    }

    [Fact]
    public async Task Rows_with_different_webhook_events_get_their_own_jobs_in_any_order()
    {
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = FakeService.Key, GenerationTimeSec = 600 });
        string[][] events = [[], ["failed"], ["completed"], ["completed", "failed"], ["progress"]];
        SubmitRequest[] requests = [.. events.Select((one, i) => new SubmitRequest
        {
            Prompt = $"kite {i}", WebhookUrl = "https://h.example", WebhookEvent = one, ReferenceImage = ["https://a.example/1.png"],
        })];

        async Task<string[]> RunAsync(IEnumerable<SubmitRequest> batch)
        {
            var client = new ApiframeClient(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }));
            var scope = new IdempotencyScope("nightly");
            var ids = new List<string>();
            foreach (SubmitRequest request in batch)
            {
                ids.Add((await client.SubmitAsync(scope.Claim(request), Token)).JobId);
            }

            return [.. ids];
        }

        string[] first = await RunAsync(requests);
        string[] second = await RunAsync(requests.Reverse());

        Assert.Equal(first, second.Reverse());
        Assert.Equal(requests.Length, emulator.Counts.JobsAccepted);
    }

    private string[] Keys => [.. _service.Api.Sent.Where(sent => sent.Method == "POST").Select(sent => sent.Header("Idempotency-Key")!)];

    /// <summary>Gives each key a job of its own: the response to its submission, and the job itself. The last one is for all further keys.</summary>
    private void Route(params (string Answer, string? Job)[] jobs)
    {
        var keys = new List<string>();
        _service.Api.Route(sent =>
        {
            if (sent.Method == "POST" && !keys.Contains(sent.Header("Idempotency-Key")!))
            {
                keys.Add(sent.Header("Idempotency-Key")!);
            }

            string id = sent.Method == "POST"
                ? new Guid(keys.IndexOf(sent.Header("Idempotency-Key")!) + 1, 0, 0, new byte[8]).ToString()
                : sent.Url.Segments[^1];
            (string answer, string? job) = jobs[Math.Min(int.Parse(id.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture), jobs.Length) - 1];
            return sent.Method == "POST" ? (202, $$"""{ "jobId": "{{id}}", "status": "{{answer}}" }""")
                : _answerOfJobs ?? (200, job!.Replace("{", $"{{ \"id\": \"{id}\",", StringComparison.Ordinal));
        });
    }

    private sealed class Batch(string name)
    {
        private readonly IdempotencyScope _scope = new(name);

        public string? Key(string prompt) => _scope.Claim(FakeService.Request(prompt)).IdempotencyKey;
    }
}
