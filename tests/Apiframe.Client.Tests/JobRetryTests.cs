using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Retry;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests that an image whose job failed for a temporary reason is submitted again during the wait, if that is allowed.</summary>
public sealed class JobRetryTests
{
    private const string NoCapacity = """ "status": "FAILED", "error": "no available capacity", "creditCost": 0 """;

    private const string Completed = """ "status": "COMPLETED", "result": "https://cdn.example.net/1.png", "creditCost": 9 """;

    private static readonly SubmitRequest Request = new() { Prompt = "a kite", RetryFailed = 2, IdempotencyKey = "key-1" };

    private readonly FakeService _service = new();
    private readonly List<string> _keys = [];
    private readonly List<string> _log = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NoCapacity)]
    [InlineData(""" "status": "FAILED", "error": null, "creditCost": null """)]
    [InlineData(""" "status": "FAILED", "error": "IMAGE_OTHER", "creditCost": 0 """)]
    public async Task A_job_that_failed_for_a_temporary_or_unknown_reason_is_submitted_again_under_another_key(string failure)
    {
        Answer(failure, Completed);

        BananaJob job = await SubmitAndWaitAsync(Request);

        Assert.Equal((JournalBench.JobId(2), "COMPLETED", "a kite"), (job.JobId, job.Status, job.Prompt));
        Assert.Equal(2, _keys.Distinct().Count());
        Assert.Equal(job.IdempotencyKey, _keys[1]);
        Assert.Contains($"Job {JournalBench.JobId(1)} failed", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Contains($"was submitted again as job {JournalBench.JobId(2)}", _log[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "status": "FAILED", "error": "content policy violation", "creditCost": 0 """)]
    [InlineData(""" "status": "FAILED", "error": "The input image could not be fetched", "creditCost": 0 """)]
    [InlineData(""" "status": "FAILED", "error": "no available capacity", "creditCost": 9 """)]
    [InlineData(""" "status": "CANCELLED", "error": "no available capacity", "creditCost": 0 """)]
    [InlineData(Completed)]
    public async Task A_job_that_was_declined_invalid_billed_or_did_not_fail_is_not_submitted_again(string end)
    {
        Answer(end);

        BananaJob job = await SubmitAndWaitAsync(Request);

        Assert.Equal(JournalBench.JobId(1), job.JobId);
        Assert.Single(_keys);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task An_image_is_submitted_again_at_most_as_often_as_specified()
    {
        Answer(NoCapacity, NoCapacity, NoCapacity, Completed);

        BananaJob job = await SubmitAndWaitAsync(Request);

        Assert.Equal((JournalBench.JobId(3), "FAILED", 3), (job.JobId, job.Status, _keys.Distinct().Count()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(9, 60)]
    public void The_pause_before_an_attempt_doubles_up_to_a_minute(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), FailedJobRetry.Pause(attempts));

    [Fact]
    public void The_key_of_the_next_attempt_is_derived_from_any_key_of_the_last_attempt()
    {
        string[] keys = [.. new[] { "order.4711.kite", "order.4711.kite", "order.4711.boat" }.Select(key => FailedJobRetry.Next(Request with { IdempotencyKey = key }).IdempotencyKey!)];

        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(2, keys.Distinct().Count());
        Assert.DoesNotContain("order.4711.kite", keys);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "key-2")]
    public void A_job_keeps_its_request_only_if_it_can_be_submitted_again(int retryFailed, string? key) =>
        Assert.Equal(key, FailedJobRetry.RequestOf(Request with { RetryFailed = retryFailed }, "key-2")?.IdempotencyKey);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_failed_job_can_be_submitted_again_for_23_hours(int ticks, bool isDue)
    {
        DateTimeOffset now = _service.Clock.UtcNow;
        var failed = new BananaJob { JobId = FakeService.JobId, Status = "FAILED", CreditCost = 0, IsTold = true, CompletedAt = now, Retry = Request };

        Assert.Equal(isDue, FailedJobRetry.IsDue(failed, now + TimeSpan.FromHours(23) + TimeSpan.FromTicks(ticks)));
    }

    [Fact]
    public async Task A_failed_job_is_not_submitted_again_without_RetryFailed_or_by_a_plain_watcher()
    {
        Answer(NoCapacity, NoCapacity);

        Assert.Equal("FAILED", (await SubmitAndWaitAsync(Request with { RetryFailed = 0 })).Status);
        BananaJob job = await _service.Client.SubmitAsync(Request with { IdempotencyKey = "key-2" }, Token);
        Assert.Equal("FAILED", (await new JobWatcher(_service.Client).WaitAsync(job, TimeSpan.FromMinutes(10))).Status);

        Assert.Equal(["key-1", "key-2"], _keys);
    }

    [Fact]
    public async Task All_waits_for_the_same_failed_job_get_the_same_next_job()
    {
        Answer(NoCapacity, Completed);
        BananaJob job = await _service.Client.SubmitAsync(Request, Token);

        BananaJob[] found = [await WaitAsync(job), await WaitAsync(job)];

        Assert.Equal([JournalBench.JobId(2), JournalBench.JobId(2)], found.Select(one => one.JobId));
        Assert.Equal(2, _keys.Distinct().Count());
    }

    [Fact]
    public async Task A_job_that_failed_before_the_key_lifetime_is_not_submitted_again()
    {
        Answer(NoCapacity, Completed);
        BananaJob failed = await _service.Client.GetJobAsync(await _service.Client.SubmitAsync(Request, Token), retry: true, Token);
        _service.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal("FAILED", (await WaitAsync(failed)).Status);
        Assert.Single(_keys);
    }

    [Fact]
    public async Task A_rejected_next_attempt_returns_the_failed_job_and_logs_the_reason()
    {
        Answer(NoCapacity);
        BananaJob job = await _service.Client.SubmitAsync(Request, Token);
        _service.Api.Route(sent => sent.Method == "POST" ? (402, """{ "error": "Insufficient credits" }""") : (200, Job(1, NoCapacity)));

        Assert.Equal((JournalBench.JobId(1), "FAILED"), (await WaitAsync(job) is var ended ? (ended.JobId, ended.Status) : default));

        Assert.Contains("was not submitted again", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_without_a_clear_response_is_an_error_with_its_request()
    {
        Answer(NoCapacity);
        BananaJob job = await _service.Client.SubmitAsync(Request, Token);
        _service.Api.Route(sent => sent.Method == "POST" ? (502, "{}") : (200, Job(1, NoCapacity)));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(job));

        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, "a kite", 1), (e.Kind, e.Request!.Prompt, e.Request.RetryFailed));
        Assert.NotEqual("key-1", e.Request.IdempotencyKey);
    }

    [Fact]
    public async Task A_later_run_of_the_scope_gets_the_job_of_the_last_attempt()
    {
        Answer(NoCapacity, Completed);
        SubmitRequest request = Request with { IdempotencyKey = null };

        BananaJob first = await SubmitAndWaitAsync(new IdempotencyScope("night").Claim(request));
        BananaJob again = await SubmitAndWaitAsync(new IdempotencyScope("night").Claim(request with { RetryFailed = 0 }));

        Assert.Equal((JournalBench.JobId(2), JournalBench.JobId(2)), (first.JobId, again.JobId));
        Assert.Equal(2, _keys.Distinct().Count());
    }

    [Fact]
    public async Task The_journal_contains_each_attempt_and_a_later_run_takes_the_last_one()
    {
        var bench = new JournalBench(service: _service);
        Answer(NoCapacity, Completed);
        SubmitRequest request = Request with { IdempotencyKey = null };
        BananaJob job;
        using (JournalLease lease = bench.Open())
        {
            job = await _service.Client.SubmitAsync(lease.BeginRun().Claim(request), Token);
        }

        BananaJob ended = await WaitAsync(job);

        Assert.Equal(JournalBench.JobId(2), ended.JobId);
        Assert.Equal([(1, JournalEntryState.Failed), (2, JournalEntryState.Completed)], bench.State.Attempts.Select(attempt => (attempt.Attempt, attempt.State)));
        Assert.Equal(_keys, bench.State.Attempts.Select(attempt => attempt.IdempotencyKey));
        JournalStep step = Assert.Single(await bench.RunAsync([request], _ => throw new InvalidOperationException("paid twice")));
        Assert.Equal(JournalBench.JobId(2), Assert.IsType<JournalStep.Take>(step).Job.JobId);
    }

    [Fact]
    public async Task A_failed_job_of_an_earlier_run_of_the_journal_can_be_submitted_again()
    {
        var bench = new JournalBench(service: _service);
        Answer(NoCapacity, Completed);
        SubmitRequest request = Request with { IdempotencyKey = null, RetryFailed = 0 };
        using JournalLease lease = bench.Open();
        await _service.Client.SubmitAsync(lease.BeginRun().Claim(request), Token);

        BananaJob taken = await _service.Client.SubmitAsync(lease.BeginRun().Claim(request with { RetryFailed = 1 }), Token);

        Assert.Equal(JournalBench.JobId(1), taken.JobId);
        Assert.Equal(JournalBench.JobId(2), (await WaitAsync(taken)).JobId);
    }

    [Fact]
    public async Task A_failed_job_that_can_be_submitted_again_keeps_its_credits_in_a_budget()
    {
        Answer(NoCapacity);
        BananaJob failed = await _service.Client.GetJobAsync(await _service.Client.SubmitAsync(Request, Token), retry: true, Token);
        var price = new CreditPrice("nano-banana-2", 5, 10);
        var budget = new CreditBudget(10);

        budget.Settle(budget.TryCommit(price)!, failed);

        Assert.Equal((10m, true), (budget.Committed, budget.TryCommit(price) is null));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public void A_number_outside_0_to_10_is_rejected(int retries) => Assert.Contains(
        $"RetryFailed '{retries.ToString(CultureInfo.InvariantCulture)}' is not allowed. Use 0 to 10.",
        Assert.Throws<ApiframeException>(() => (Request with { RetryFailed = retries }).Checked()).Message,
        StringComparison.Ordinal);

    private static string Job(int number, string end) => $$"""
        { "id": "{{JournalBench.JobId(number)}}", "model": "nano-banana-2", "createdAt": "2026-11-20T09:00:00Z", "completedAt": "2026-11-20T09:00:10Z", {{end}} }
        """;

    /// <summary>Makes one job for each key. The nth job ends in the nth way.</summary>
    private void Answer(params string[] ends) => _service.Api.Route(sent =>
    {
        if (sent.Method == "POST")
        {
            string key = sent.Header("Idempotency-Key")!;
            int known = _keys.IndexOf(key) + 1;
            if (known > 0)
            {
                return (202, $$"""{ "jobId": "{{JournalBench.JobId(known)}}", "status": "{{(ends[known - 1].Contains("FAILED", StringComparison.Ordinal) ? "FAILED" : "COMPLETED")}}" }""");
            }

            _keys.Add(key);
            return (202, $$"""{ "jobId": "{{JournalBench.JobId(_keys.Count)}}", "status": "QUEUED" }""");
        }

        int asked = Enumerable.Range(1, ends.Length).First(number => sent.Url.AbsolutePath.EndsWith(JournalBench.JobId(number), StringComparison.Ordinal));
        return (200, Job(asked, ends[asked - 1]));
    });

    private async Task<BananaJob> SubmitAndWaitAsync(SubmitRequest request) => await WaitAsync(await _service.Client.SubmitAsync(request, Token));

    private Task<BananaJob> WaitAsync(BananaJob job) =>
        new JobWatcher(_service.Client, cancellationToken: Token) { RetriesFailed = true, RetryLog = _log.Add }.WaitAsync(job, TimeSpan.FromMinutes(10));
}
