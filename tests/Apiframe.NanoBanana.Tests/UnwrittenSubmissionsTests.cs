using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.NanoBanana.Submitting;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class UnwrittenSubmissionsTests
{
    private static readonly SubmitRequest Image = new SubmitRequest { Prompt = "a kite" }.Checked();
    private static readonly BananaJob Job = BananaJob.FromId("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = "afk_test" }));

    private readonly UnwrittenSubmissions _unwritten = new();

    [Fact]
    public async Task An_accepted_job_that_was_not_written_is_reported_once()
    {
        Assert.Same(Job, await _unwritten.FollowAsync(Image, Task.FromResult(Job)));

        Assert.Equal([Job], _unwritten.Take().Jobs);
        Assert.Empty(_unwritten.Take().Jobs);
    }

    [Fact]
    public async Task A_job_that_was_written_is_not_reported()
    {
        var written = new List<BananaJob>();
        await _unwritten.FollowAsync(Image, Task.FromResult(Job));
        _unwritten.Write(Image, Job, written.Add, CancellationToken.None);

        Assert.Equal([Job], written);
        Assert.Empty(_unwritten.Take().Jobs);
    }

    [Fact]
    public async Task A_job_counts_as_written_if_its_receiver_ends_the_pipeline()
    {
        await _unwritten.FollowAsync(Image, Task.FromResult(Job));
        Assert.Throws<InvalidOperationException>(() => _unwritten.Write(Image, Job, _ => throw new InvalidOperationException(), CancellationToken.None));

        Assert.Empty(_unwritten.Take().Jobs);
    }

    [Fact]
    public async Task A_job_that_a_stopped_pipeline_rejects_is_reported()
    {
        await _unwritten.FollowAsync(Image, Task.FromResult(Job));
        Assert.Throws<InvalidOperationException>(() => _unwritten.Write(Image, Job, _ => throw new InvalidOperationException(), new CancellationToken(canceled: true)));

        Assert.Equal([Job], _unwritten.Take().Jobs);
    }

    [Fact]
    public async Task A_submission_that_may_have_been_accepted_is_reported_unless_its_error_was_written()
    {
        ApiframeException unknown = ApiframeException.NotSent("No answer.", ApiframeErrorKind.SubmissionUnknown);
        async Task Fail() => await _unwritten.FollowAsync(Image, Task.FromException<BananaJob>(unknown));

        await Assert.ThrowsAsync<ApiframeException>(Fail);
        _unwritten.Written("a target of another kind of work");
        Assert.Equal([unknown], _unwritten.Take().Unknown);

        await Assert.ThrowsAsync<ApiframeException>(Fail);
        _unwritten.Written(Image);
        Assert.Empty(_unwritten.Take().Unknown);
    }

    [Fact]
    public async Task A_rejected_submission_is_not_reported()
    {
        await Assert.ThrowsAsync<ApiframeException>(() => _unwritten.FollowAsync(Image, Task.FromException<BananaJob>(ApiframeException.NotSent("Refused."))));

        (IReadOnlyList<BananaJob> jobs, IReadOnlyList<ApiframeException> open) = _unwritten.Take();
        Assert.Empty(jobs);
        Assert.Empty(open);
    }
}
