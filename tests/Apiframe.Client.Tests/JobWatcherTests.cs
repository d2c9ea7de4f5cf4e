using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobWatcherTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task A_final_job_is_returned_with_the_properties_that_only_the_client_knows()
    {
        _service.Api.Json(FakeService.Job("QUEUED")).Json(FakeService.Job("PROCESSING", ", \"progress\": 40")).Json(FakeService.Completed());

        BananaJob job = await WaitAsync(Job());

        Assert.Equal("COMPLETED", job.Status);
        Assert.Equal(("A kite", "key-1"), (job.Prompt, job.IdempotencyKey));
        Assert.Equal(3, _service.Api.Sent.Count);
    }

    [Theory]
    [InlineData("FAILED")]
    [InlineData("CANCELLED")]
    public async Task A_failed_or_canceled_job_ends_the_wait(string status)
    {
        _service.Api.Json(FakeService.Job(status));

        Assert.Equal(status, (await WaitAsync(Job())).Status);
    }

    [Fact]
    public async Task A_final_job_is_not_requested()
    {
        _service.Api.Json(FakeService.Completed());
        BananaJob done = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Same(done, await WaitAsync(done));
        Assert.Single(_service.Api.Sent);
    }

    [Theory]
    [InlineData("COMPLETED")]
    [InlineData("FAILED")]
    public async Task A_replayed_job_that_has_ended_is_requested_at_once_for_its_image_or_its_error(string status)
    {
        _service.Api.Json(FakeService.Accepted(status), 202).Json(status == "COMPLETED" ? FakeService.Completed() : FakeService.Job("FAILED", ", \"error\": \"why\""));
        BananaJob submitted = await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);

        BananaJob job = await WaitAsync(submitted);

        Assert.Equal((status, status == "COMPLETED", status == "FAILED"), (job.Status, job.ImageUrl is not null, job.Error == "why"));
        Assert.Empty(_service.Clock.Delays);
    }

    [Fact]
    public async Task A_job_of_unknown_age_is_requested_at_once_and_a_new_job_is_not()
    {
        _service.Api.Json(FakeService.Completed());

        await WaitAsync(BananaJob.FromId(FakeService.JobId, _service.Connection));
        Assert.Empty(_service.Clock.Delays);

        await WaitAsync(Job());
        Assert.Equal([TimeSpan.FromSeconds(2)], _service.Clock.Delays);
    }

    [Fact]
    public async Task A_job_that_is_due_sooner_than_the_others_is_requested_without_waiting_for_them()
    {
        _service.Clock.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _service.Api.Json(FakeService.Completed());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watcher = new JobWatcher(_service.Client, 4, stop.Token);
        var later = new BananaJob { JobId = Guid.Empty.ToString(), Connection = _service.Connection, AcceptedAt = _service.Clock.Elapsed };
        Task<BananaJob> waiting = watcher.WaitAsync(later, TimeSpan.FromMinutes(10));
        await _service.Clock.Held.Task.WaitAsync(TimeSpan.FromMinutes(1), stop.Token);

        BananaJob due = await watcher.WaitAsync(BananaJob.FromId(FakeService.JobId, _service.Connection), TimeSpan.FromMinutes(10))
            .WaitAsync(TimeSpan.FromMinutes(1), stop.Token);

        Assert.Equal("COMPLETED", due.Status);
        Assert.False(waiting.IsCompleted);
        Assert.Single(_service.Api.Sent);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_wait_continues_after_failed_status_requests()
    {
        _service.Api
            .Throw(new HttpRequestException("reset"))
            .Throw(new InvalidDataException("no gzip"))
            .Json("{}", 429, ("Retry-After", "3"))
            .Json("{}", 503)
            .Answer(403, "<html>edge</html>")
            .Json("not json")
            .Json(FakeService.Completed().Replace(FakeService.JobId, Guid.Empty.ToString(), StringComparison.Ordinal))
            .Json(FakeService.Job("NEW_STATUS"))
            .Json(FakeService.Completed());

        Assert.Equal("COMPLETED", (await WaitAsync(Job())).Status);
        Assert.Equal(9, _service.Api.Sent.Count);
    }

    [Fact]
    public async Task The_intervals_grow_with_failures_and_are_normal_again_after_a_success()
    {
        for (int i = 0; i < 8; i++)
        {
            _service.Api.Json("{}", 503);
        }

        _service.Api.Json(FakeService.Job("PROCESSING", ", \"progress\": 99")).Json(FakeService.Completed());

        await WaitAsync(Job());

        TimeSpan[] gaps = _service.Clock.Delays.ToArray();
        Assert.Equal(TimeSpan.FromSeconds(30), gaps[^2]);
        Assert.InRange(gaps[^1], TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_timeout_returns_the_job_with_its_last_known_status()
    {
        _service.Api.Json(FakeService.Job("PROCESSING", ", \"progress\": 40"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(Job(), TimeSpan.FromSeconds(60)));

        Assert.Equal(ApiframeErrorKind.WaitTimeout, e.Kind);
        Assert.Equal((FakeService.JobId, "PROCESSING", 40), (e.Job!.JobId, e.Job.Status, e.Job.Progress));
        Assert.Equal(TimeSpan.FromSeconds(60), _service.Clock.Elapsed);
    }

    [Fact]
    public async Task A_replayed_job_without_a_status_response_times_out_like_any_other_job()
    {
        _service.Api.Json("{}", 503);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(Job("COMPLETED"), TimeSpan.FromSeconds(60)));

        Assert.Equal(ApiframeErrorKind.WaitTimeout, e.Kind);
    }

    [Fact]
    public async Task Repeated_failures_are_the_cause_of_the_timeout()
    {
        _service.Api.Json("{}", 503);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(Job(), TimeSpan.FromSeconds(60)));

        Assert.Equal(ApiframeErrorKind.WaitTimeout, e.Kind);
        Assert.Equal(503, Assert.IsType<ApiframeException>(e.InnerException).StatusCode);
    }

    [Theory]
    [InlineData(401, ApiframeErrorKind.Authentication)]
    [InlineData(403, ApiframeErrorKind.Forbidden)]
    public async Task A_permanent_error_ends_the_wait(int status, ApiframeErrorKind kind)
    {
        _service.Api.Json("""{ "error": "No" }""", status);

        Assert.Equal(kind, (await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(Job()))).Kind);
    }

    [Theory]
    [InlineData(401, ApiframeErrorKind.Authentication)]
    [InlineData(403, ApiframeErrorKind.Forbidden)]
    public async Task A_rejection_of_the_account_ends_all_waits_after_a_few_requests(int status, ApiframeErrorKind kind)
    {
        _service.Api.Json("""{ "error": "No" }""", status);
        var watcher = new JobWatcher(_service.Client, cancellationToken: TestContext.Current.CancellationToken);

        ApiframeException[] refusals = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Assert.ThrowsAsync<ApiframeException>(
            () => watcher.WaitAsync(BananaJob.FromId(Guid.NewGuid().ToString(), _service.Connection), TimeSpan.FromMinutes(10)))));

        Assert.All(refusals, refusal => Assert.Equal(kind, refusal.Kind));
        Assert.InRange(_service.Api.Sent.Count, 1, 17);
    }

    [Fact]
    public async Task A_new_job_can_be_unknown_for_15_seconds_before_it_is_an_error()
    {
        _service.Api.Json("""{ "error": "Job not found" }""", 404).Json(FakeService.Completed()).Json("""{ "error": "Job not found" }""", 404);
        Assert.Equal("COMPLETED", (await WaitAsync(Job())).Status);

        Assert.Equal(ApiframeErrorKind.NotFound, (await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(Job()))).Kind);
        Assert.InRange(_service.Clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_wait_continues_if_the_service_temporarily_does_not_find_the_job()
    {
        _service.Api.Json(FakeService.Job("PROCESSING")).Json("""{ "error": "Job not found" }""", 404).Json("""{ "error": "Job not found" }""", 404)
            .Json(FakeService.Completed());

        Assert.Equal("COMPLETED", (await WaitAsync(BananaJob.FromId(FakeService.JobId, _service.Connection))).Status);
    }

    [Fact]
    public async Task A_wait_continues_if_a_completed_job_temporarily_has_no_image()
    {
        _service.Api.Json(FakeService.Completed("null")).Json(FakeService.Completed("[]")).Json(FakeService.Completed());

        Assert.NotNull((await WaitAsync(Job())).ImageUrl);
    }

    [Fact]
    public async Task A_completed_job_that_remains_without_an_image_is_returned_unchanged()
    {
        _service.Api.Json(FakeService.Completed("null"));

        BananaJob job = await WaitAsync(Job());

        Assert.Equal(("COMPLETED", null), (job.Status, job.ImageUrl));
        Assert.InRange(_service.Clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40));
        Assert.Equal(ApiframeErrorKind.JobWithoutImage, Assert.Throws<ApiframeException>(job.EnsureCompleted).Kind);
    }

    [Fact]
    public async Task A_new_wait_for_a_job_without_an_image_requests_it_again()
    {
        _service.Api.Json(FakeService.Completed("null"));
        BananaJob without = await WaitAsync(Job());
        _service.Api.Json(FakeService.Completed());

        Assert.NotNull((await WaitAsync(without)).ImageUrl);
    }

    [Fact]
    public async Task A_short_timeout_also_ends_the_wait_for_a_missing_image()
    {
        _service.Api.Json(FakeService.Completed("null"));

        Assert.Equal("COMPLETED", (await WaitAsync(Job(), TimeSpan.FromSeconds(5))).Status);
        Assert.Equal(TimeSpan.FromSeconds(5), _service.Clock.Elapsed);
    }

    [Fact]
    public async Task An_unknown_ID_is_an_error_at_once()
    {
        _service.Api.Json("""{ "error": "Job not found" }""", 404);

        await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(BananaJob.FromId(FakeService.JobId, _service.Connection)));

        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task A_watcher_continues_after_a_pause()
    {
        _service.Api.Json(FakeService.Completed());
        var watcher = new JobWatcher(_service.Client, 2, TestContext.Current.CancellationToken);

        BananaJob first = await watcher.WaitAsync(Job(), TimeSpan.FromMinutes(1));
        BananaJob later = await watcher.WaitAsync(Job(), Timeout.InfiniteTimeSpan);

        Assert.Equal(("COMPLETED", "COMPLETED"), (first.Status, later.Status));
    }

    [Fact]
    public async Task Cancellation_ends_every_wait_and_sends_no_more_requests()
    {
        using var stop = new CancellationTokenSource();
        _service.Api.Do(_ =>
        {
            stop.Cancel();
            throw new HttpRequestException("reset");
        });
        var watcher = new JobWatcher(_service.Client, 1, stop.Token);

        Task[] waits = Enumerable.Range(0, 3).Select(_ => (Task)watcher.WaitAsync(Job(), TimeSpan.FromMinutes(1))).ToArray();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waits));
        Assert.All(waits, wait => Assert.True(wait.IsCanceled));
        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task The_remaining_time_is_unknown_when_the_running_job_is_overdue()
    {
        var seen = new List<(double Elapsed, int? SecondsLeft)>();
        JobWatcher watcher = null!;
        _service.Api.Route(_ =>
        {
            seen.Add((_service.Clock.Elapsed.TotalSeconds, watcher.SecondsLeft));
            return (200, FakeService.Job("PROCESSING"));
        });
        watcher = new JobWatcher(_service.Client, 4, TestContext.Current.CancellationToken);

        Assert.Null(watcher.SecondsLeft);
        await Assert.ThrowsAsync<ApiframeException>(() => watcher.WaitAsync(Job(), TimeSpan.FromSeconds(60)));

        // The usual duration of a job is 12 seconds.
        Assert.Equal((2, 10), seen[0]);
        Assert.All(seen, one => Assert.Equal(one.Elapsed < 12 ? (int)Math.Ceiling(12 - one.Elapsed) : null, one.SecondsLeft));
        Assert.True(seen[^1].Elapsed > 12);
    }

    private BananaJob Job(string status = "QUEUED") => new()
    {
        JobId = FakeService.JobId, Status = status, Prompt = "A kite", IdempotencyKey = "key-1",
        Connection = _service.Connection, AcceptedAt = _service.Clock.Elapsed,
    };

    private Task<BananaJob> WaitAsync(BananaJob job, TimeSpan? timeout = null) =>
        new JobWatcher(_service.Client, 4, TestContext.Current.CancellationToken).WaitAsync(job, timeout ?? TimeSpan.FromMinutes(10));
}
