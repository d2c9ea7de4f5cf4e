using System;
using Apiframe.Client.Retry;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class LookRetryTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(5, 8)]
    [InlineData(7, 30)]
    [InlineData(1000, 30)]
    public void The_wait_doubles_with_each_failed_status_request_up_to_30_seconds(int failures, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), LookRetry.Pause(failures));
}
