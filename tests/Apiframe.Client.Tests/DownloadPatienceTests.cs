using System;
using Apiframe.Client.Retry;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class DownloadPatienceTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly RetryPolicy Policy = new(maximumRetryCount: 5, TimeSpan.FromMinutes(10), maximumRetryAfter: TimeSpan.FromMinutes(2), random: () => 0);

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(4, 4)]
    [InlineData(6, 15)]
    [InlineData(1000, 15)]
    public void Waits_double_up_to_15_seconds_and_half_of_each_is_random(int failures, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds / 2), Delay(Failure(503), failures, random: 0));
        Assert.Equal(seconds, Delay(Failure(503), failures, random: 1)!.Value.TotalSeconds, precision: 3);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(416)]
    [InlineData(null)]
    public void A_temporary_failure_is_retried_until_the_timeout_of_the_connection(int? status)
    {
        Assert.NotNull(Delay(Failure(status), triedFor: Timeout - TimeSpan.FromSeconds(1)));
        Assert.Null(Delay(Failure(status), triedFor: Timeout));
    }

    [Theory]
    [InlineData(404, null, 60)]
    [InlineData(403, null, 60)]
    [InlineData(401, 3600.0, 60)]
    [InlineData(404, 300.0, 60)]
    [InlineData(404, 299.0, 300)]
    [InlineData(404, -30.0, 300)]
    public void A_missing_image_is_retried_for_a_minute_and_longer_if_it_was_just_made(int status, double? age, double patience)
    {
        TimeSpan? known = age is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        Assert.NotNull(Delay(Failure(status), missingFor: TimeSpan.FromSeconds(patience - 1), age: known));
        Assert.Null(Delay(Failure(status), missingFor: TimeSpan.FromSeconds(patience), age: known));
    }

    [Fact]
    public void A_missing_image_is_not_retried_beyond_the_timeout_of_the_connection()
    {
        var patience = new DownloadPatience(TimeSpan.FromSeconds(10), Policy, () => 0);

        Assert.NotNull(patience.DelayBeforeNext(Failure(404), 1, default, TimeSpan.FromSeconds(9), age: null));
        Assert.Null(patience.DelayBeforeNext(Failure(404), 1, default, TimeSpan.FromSeconds(10), age: null));
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(86400, 120)]
    public void A_wait_that_a_host_requests_is_respected_up_to_the_maximum_of_the_connection(int asked, int obeyed) =>
        Assert.Equal(TimeSpan.FromSeconds(obeyed), Delay(Failure(429, TimeSpan.FromSeconds(asked))));

    [Theory]
    [InlineData(100, true)]
    [InlineData(99, false)]
    public void A_download_is_retried_if_the_requested_wait_does_not_exceed_the_remaining_time(int remaining, bool retried) =>
        Assert.Equal(retried, Delay(Failure(503, TimeSpan.FromSeconds(100)), triedFor: Timeout - TimeSpan.FromSeconds(remaining)) is not null);

    [Fact]
    public void An_address_that_is_rejected_is_not_retried() =>
        Assert.Null(Delay(new ApiframeException(ApiframeErrorKind.ImageAddressRefused, "no")));

    private static TimeSpan? Delay(
        ApiframeException failure, int failures = 1, TimeSpan triedFor = default, TimeSpan missingFor = default, TimeSpan? age = null, double random = 0) =>
        new DownloadPatience(Timeout, Policy, () => random).DelayBeforeNext(failure, failures, triedFor, missingFor, age);

    private static ApiframeException Failure(int? status, TimeSpan? retryAfter = null) =>
        new(ApiframeErrorKind.DownloadFailed, "no") { StatusCode = status, RetryAfter = retryAfter };
}
