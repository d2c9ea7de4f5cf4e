using System;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class ProgressTextTests
{
    [Fact]
    public void It_says_what_has_happened_to_what_is_done() =>
        Assert.Equal("2 of 8 accepted, 5 running, 1 failed", ProgressText.Of("accepted", started: 8, done: 2, failed: 1, nearestPercent: null, TimeSpan.Zero));

    [Fact]
    public void It_says_how_far_the_nearest_job_is_if_that_is_known() =>
        Assert.Equal("0 of 2 done, 2 running, 0 failed, highest progress 40 %", ProgressText.Of("done", started: 2, done: 0, failed: 0, nearestPercent: 40, TimeSpan.FromSeconds(-3)));

    [Fact]
    public void It_says_for_how_long_the_limit_of_the_service_holds_requests_back() =>
        Assert.Equal(
            "2 of 8 accepted, 6 running, 0 failed, waiting 12 s for the service's rate limit",
            ProgressText.Of("accepted", started: 8, done: 2, failed: 0, nearestPercent: null, TimeSpan.FromSeconds(11.2)));
}
