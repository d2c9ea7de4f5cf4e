using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobWatcherFleetTests
{
    private readonly FakeService _service = new();
    private readonly FakeFleet _fleet;

    public JobWatcherFleetTests() => _fleet = new FakeFleet(_service);

    [Fact]
    public async Task A_hundred_jobs_take_less_than_a_third_of_a_request_each_and_are_found_within_half_a_second()
    {
        List<double> late = await WatchAsync(Enumerable.Range(0, 100).Select(i => 9 + (i * 0.06)));

        Assert.Equal(100, late.Count);
        Assert.InRange(_service.Api.Sent.Count, 1, 30);
        Assert.InRange(late.Order().ElementAt(50), 0, 0.5);
        Assert.InRange(late.Order().ElementAt(94), 0, 1);
    }

    [Fact]
    public async Task A_thousand_jobs_are_paged_through_with_less_than_a_tenth_of_a_request_each()
    {
        List<double> late = await WatchAsync(Enumerable.Range(0, 1000).Select(i => 2.25 + (i * 0.0015)));

        Assert.Equal(1000, late.Count);
        Assert.InRange(_service.Api.Sent.Count, 1, 100);
    }

    [Fact]
    public async Task A_few_jobs_are_requested_one_by_one()
    {
        await WatchAsync([9, 12, 15]);

        Assert.Equal(0, _fleet.ListRequests);
        Assert.InRange(_fleet.SingleRequests, 3, 24);
    }

    [Fact]
    public async Task Jobs_from_the_list_keep_what_only_the_client_knew()
    {
        BananaJob[] jobs = await WaitAllAsync(Enumerable.Range(0, 10).Select(_ => _fleet.Accept(5)));

        Assert.True(_fleet.ListRequests > 0);
        Assert.All(jobs, job => Assert.Equal("kite " + job.JobId, job.Prompt));
        Assert.All(jobs, job => Assert.NotNull(job.ImageUrl));
    }

    [Fact]
    public async Task Jobs_that_the_list_does_not_show_are_requested_one_by_one()
    {
        BananaJob[] jobs = Enumerable.Range(0, 20).Select(_ => _fleet.Accept(5)).ToArray();
        _fleet.Unlisted.UnionWith(jobs.Take(3).Select(job => job.JobId));

        Assert.Equal(20, (await WaitAllAsync(jobs)).Count(job => job.Status == "COMPLETED"));
    }

    [Fact]
    public async Task Jobs_whose_image_the_list_omits_are_requested_one_by_one()
    {
        _fleet.ListsWithoutResults = true;

        Assert.All(await WaitAllAsync(Enumerable.Range(0, 10).Select(_ => _fleet.Accept(5))), job => Assert.NotNull(job.ImageUrl));
    }

    [Theory]
    [InlineData(403, """{ "error": "No" }""")]
    [InlineData(500, """{ "error": "Down" }""")]
    [InlineData(200, """{ "no": "page" }""")]
    public async Task A_list_that_fails_loses_no_job(int status, string json)
    {
        _fleet.ListFailure = (status, json);

        Assert.All(await WaitAllAsync(Enumerable.Range(0, 10).Select(_ => _fleet.Accept(5))), job => Assert.Equal("COMPLETED", job.Status));
        Assert.InRange(_fleet.ListRequests, 1, 5);
    }

    [Fact]
    public async Task An_occasional_failed_page_does_not_end_the_use_of_the_list()
    {
        _fleet.ListFailsEvery = 4;

        await WaitAllAsync(Enumerable.Range(0, 1000).Select(_ => _fleet.Accept(5)));

        Assert.InRange(_service.Api.Sent.Count, 1, 150);
        Assert.InRange(_service.Clock.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_failed_status_request_is_repeated_without_waiting_for_a_thousand_others()
    {
        BananaJob[] jobs = Enumerable.Range(0, 1000).Select(_ => _fleet.Accept(5)).ToArray();
        _fleet.Unlisted.UnionWith(jobs.Select(job => job.JobId));
        _fleet.SinglesFailEvery = 4;

        await WaitAllAsync(jobs);

        Assert.InRange(_service.Clock.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(240));
    }

    [Fact]
    public async Task Two_waits_for_the_same_job_both_end()
    {
        BananaJob job = _fleet.Accept(5);

        BananaJob[] jobs = await WaitAllAsync(Enumerable.Repeat(job, 8));

        Assert.Equal(8, jobs.Count(one => one.Status == "COMPLETED"));
    }

    [Fact]
    public async Task Paging_through_an_account_with_many_other_jobs_ends()
    {
        BananaJob[] jobs = Enumerable.Range(0, 10).Select(_ => _fleet.Accept(5)).ToArray();
        for (int i = 0; i < 2000; i++)
        {
            _fleet.Accept(1);
        }

        Assert.All(await WaitAllAsync(jobs), job => Assert.Equal("COMPLETED", job.Status));
        Assert.InRange(_fleet.ListRequests, 1, 4);
    }

    [Fact]
    public async Task A_list_that_never_ends_loses_no_job()
    {
        _fleet.ListIsEndless = true;
        BananaJob[] jobs = Enumerable.Range(0, 1000).Select(_ => _fleet.Accept(5)).ToArray();
        _fleet.Unlisted.UnionWith(jobs.Take(20).Select(job => job.JobId));

        Assert.All(await WaitAllAsync(jobs), job => Assert.Equal("COMPLETED", job.Status));
        Assert.InRange(_fleet.ListRequests, 1, 150);
    }

    [Fact]
    public async Task An_unknown_job_among_many_is_an_error_and_the_waits_for_the_others_continue()
    {
        var watcher = new JobWatcher(_service.Client, 8, TestContext.Current.CancellationToken);
        Task<BananaJob>[] waits = Enumerable.Range(0, 10).Select(_ => _fleet.Accept(5))
            .Append(BananaJob.FromId(Guid.NewGuid().ToString(), _service.Connection))
            .Select(job => watcher.WaitAsync(job, TimeSpan.FromMinutes(1))).ToArray();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => waits[^1]);

        Assert.Equal(ApiframeErrorKind.NotFound, e.Kind);
        Assert.Equal(10, (await Task.WhenAll(waits[..^1])).Length);
    }

    [Fact]
    public void A_job_that_the_running_list_request_covers_does_not_cause_a_busy_loop()
    {
        var due = new WatchedJob(BananaJob.FromId(FakeService.JobId, _service.Connection), timeout: TimeSpan.FromMinutes(1), _service.Connection);

        Assert.Equal(TimeSpan.Zero, due.NextEvent(listIsUnderWay: false, nextList: TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(5), due.NextEvent(listIsUnderWay: false, nextList: TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromMinutes(1), due.NextEvent(listIsUnderWay: true, nextList: TimeSpan.Zero));
    }

    private async Task<List<double>> WatchAsync(IEnumerable<double> seconds)
    {
        await WaitAllAsync(seconds.Select(_fleet.Accept));
        return [.. _fleet.Lateness.Values];
    }

    private Task<BananaJob[]> WaitAllAsync(IEnumerable<BananaJob> jobs)
    {
        var watcher = new JobWatcher(_service.Client, 8, TestContext.Current.CancellationToken);
        return Task.WhenAll(jobs.ToList().Select(job => watcher.WaitAsync(job, TimeSpan.FromMinutes(10))));
    }
}
