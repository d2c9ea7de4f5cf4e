using System;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Jobs;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class IdempotencyScopeTests
{
    private readonly FakeService _service = new();

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
    public void A_key_of_an_earlier_version_of_this_library_still_counts() =>
        Assert.Equal("scope-2fe60012580ca0b440f0eaab4ad444644b993e09", new Batch("nightly").Key("A red kite over a lighthouse"));

    [Fact]
    public void Another_scope_or_any_other_option_is_another_image()
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
    public void What_the_contract_spells_one_way_is_one_request()
    {
        var scope = new IdempotencyScope(" nightly ");

        Assert.Equal(
            new IdempotencyScope("nightly").Claim(FakeService.Request() with { Model = "nano-banana-2", Resolution = "2K", OutputFormat = " " }).IdempotencyKey,
            scope.Claim(FakeService.Request() with { Resolution = "2k" }).IdempotencyKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_scope_has_a_name(string name) => Assert.Throws<ArgumentException>(() => new IdempotencyScope(name));

    [Fact]
    public async Task A_failed_job_of_an_earlier_run_is_submitted_anew_under_the_scope_s_next_key()
    {
        _service.Api
            .Json(FakeService.Accepted("FAILED"), 202).Json(FakeService.Accepted("CANCELLED"), 202).Json(FakeService.Accepted("COMPLETED"), 202);
        SubmitRequest claimed = new IdempotencyScope("nightly").Claim(FakeService.Request());

        BananaJob job = await _service.Client.SubmitAsync(claimed, Token);

        string[] keys = _service.Api.Sent.Select(sent => sent.Header("Idempotency-Key")!).ToArray();
        Assert.Equal([claimed.IdempotencyKey!, claimed.IdempotencyKey + ".2", claimed.IdempotencyKey + ".3"], keys);
        Assert.Equal(("COMPLETED", keys[2]), (job.Status, job.IdempotencyKey));
    }

    [Fact]
    public async Task A_service_that_says_nothing_but_failed_is_not_asked_for_ever()
    {
        _service.Api.Json(FakeService.Accepted("FAILED"), 202);

        BananaJob job = await _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token);

        Assert.Equal("FAILED", job.Status);
        Assert.InRange(_service.Api.Sent.Count, 2, 100);
    }

    [Fact]
    public async Task A_key_that_the_user_gave_is_never_changed()
    {
        _service.Api.Json(FakeService.Accepted("FAILED"), 202);

        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request() with { IdempotencyKey = "mine" }, Token);

        Assert.Equal(("FAILED", "mine"), (job.Status, job.IdempotencyKey));
        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task An_unknown_outcome_names_the_key_that_was_tried_last()
    {
        _service.Api.Json(FakeService.Accepted("FAILED"), 202).Throw(new HttpRequestException("reset"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token));

        Assert.Equal(ApiframeErrorKind.SubmissionUnknown, e.Kind);
        Assert.Equal(_service.Api.Sent[^1].Header("Idempotency-Key"), e.Request!.IdempotencyKey);
        Assert.EndsWith(".2", e.Request.IdempotencyKey);
        Assert.Equal("A red kite over a lighthouse", e.Request.Prompt);
    }

    [Fact]
    public async Task A_prompt_that_fails_every_time_is_given_up_and_its_job_handed_on()
    {
        foreach (int _ in Enumerable.Range(0, 20))
        {
            _service.Api.Json(FakeService.Accepted("FAILED"), 202);
        }

        BananaJob job = await _service.Client.SubmitAsync(new IdempotencyScope("nightly").Claim(FakeService.Request()), Token);

        Assert.Equal("FAILED", job.Status);
        Assert.Equal(11, _service.Api.Sent.Select(sent => sent.Header("Idempotency-Key")).Distinct().Count());
        Assert.Equal(11, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task Two_runs_of_a_batch_are_billed_once_and_prompts_that_failed_are_made_anew()
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

    private sealed class Batch(string name)
    {
        private readonly IdempotencyScope _scope = new(name);

        public string? Key(string prompt) => _scope.Claim(FakeService.Request(prompt)).IdempotencyKey;
    }
}
