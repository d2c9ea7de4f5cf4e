using System;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

public sealed class ProgressTextTests
{
    [Fact]
    public void The_text_contains_the_numbers_of_finished_running_and_failed_items() =>
        Assert.Equal("2 of 8 accepted, 5 running, 1 failed", ProgressText.Of("accepted", started: 8, done: 2, failed: 1, nearestPercent: null, TimeSpan.Zero));

    [Fact]
    public void The_text_contains_the_highest_progress_if_it_is_known() =>
        Assert.Equal("0 of 2 done, 2 running, 0 failed, highest progress 40%", ProgressText.Of("done", started: 2, done: 0, failed: 0, nearestPercent: 40, TimeSpan.FromSeconds(-3)));

    [Fact]
    public void The_text_contains_the_remaining_time_of_a_rate_limit() =>
        Assert.Equal(
            "2 of 8 accepted, 6 running, 0 failed, waiting 12 s for the service's rate limit",
            ProgressText.Of("accepted", started: 8, done: 2, failed: 0, nearestPercent: null, TimeSpan.FromSeconds(11.2)));
}
