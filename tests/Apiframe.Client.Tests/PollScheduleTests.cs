using System;
using Apiframe.Client.Jobs;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class PollScheduleTests
{
    [Fact]
    public void A_fresh_job_is_looked_at_after_two_seconds() => Assert.Equal(2, Delay(0, null));

    [Fact]
    public void The_gaps_shrink_towards_the_expected_end_and_widen_after_it()
    {
        Assert.Equal(4, Delay(4, null));
        Assert.Equal(2, Delay(8, null));
        Assert.Equal(0.5, Delay(11, null));
        Assert.Equal(0.4, Delay(12, null));
        Assert.Equal(2, Delay(20, null));
        Assert.Equal(5, Delay(120, null));
    }

    [Fact]
    public void A_job_s_own_progress_tells_its_end_better_than_the_usual_time()
    {
        Assert.Equal(0.5, Delay(3, 75));
        Assert.Equal(0.4, Delay(2, 95));
        Assert.Equal(5, Delay(20, 50));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Progress_that_tells_nothing_is_not_used(int progress) => Assert.Equal(Delay(7, null), Delay(7, progress));

    [Fact]
    public void A_job_that_is_quicker_than_usual_is_found_within_twice_its_time() => Assert.Equal([2, 3, 5], new[] { Delay(1, null), Delay(3, null), Delay(10, 1) });

    private static double Delay(double age, int? progress) => PollSchedule.DelayBeforeNext(TimeSpan.FromSeconds(age), progress).TotalSeconds;
}
