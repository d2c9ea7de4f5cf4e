using System;
using Apiframe.Client.Jobs;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class PollScheduleTests
{
    [Fact]
    public void A_fresh_job_is_looked_at_after_two_seconds() => Assert.Equal(2, Delay(0, null, polls: 0));

    [Fact]
    public void The_gaps_shrink_towards_the_expected_end_and_widen_after_it()
    {
        Assert.Equal(5, Delay(2, null));
        Assert.Equal(2.5, Delay(7, null));
        Assert.Equal(0.5, Delay(11, null));
        Assert.Equal(0.4, Delay(12, null));
        Assert.Equal(2, Delay(20, null));
        Assert.Equal(5, Delay(120, null));
    }

    [Fact]
    public void A_job_s_own_progress_tells_its_end_better_than_the_usual_time()
    {
        Assert.Equal(0.5, Delay(3, 75));
        Assert.Equal(5, Delay(20, 50));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Progress_that_tells_nothing_is_not_used(int progress) => Assert.Equal(Delay(7, null), Delay(7, progress));

    private static double Delay(double age, int? progress, int polls = 1) =>
        PollSchedule.DelayBeforeNext(TimeSpan.FromSeconds(age), progress, polls).TotalSeconds;
}
