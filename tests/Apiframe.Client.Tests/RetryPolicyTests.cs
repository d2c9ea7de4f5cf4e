using System;
using System.Linq;
using Apiframe.Client.Retry;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class RetryPolicyTests
{
    private static readonly ApiframeException Lost = new(ApiframeErrorKind.Network, "lost");
    private static readonly ApiframeException Refused = new(ApiframeErrorKind.RateLimited, "refused") { StatusCode = 429 };

    private readonly RetryPolicy _policy = new(maximumRetryCount: 5, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2), random: () => 0.5);

    [Fact]
    public void The_waits_double_with_full_jitter_up_to_eight_seconds() => Assert.Equal(
        [0.125, 0.25, 0.5, 1, 2, 4, 4],
        Enumerable.Range(1, 7).Select(failures => _policy.Backoff(failures).TotalSeconds));

    [Fact]
    public void No_retry_follows_the_last_one()
    {
        Assert.NotNull(Delay(Lost, failures: 5));
        Assert.Null(Delay(Lost, failures: 6));
    }

    [Fact]
    public void A_request_that_cannot_be_repeated_safely_is_not_retried()
    {
        Assert.Null(Delay(Lost, repeatable: false));
        Assert.NotNull(Delay(Refused, repeatable: false));
    }

    [Theory]
    [InlineData(ApiframeErrorKind.Network, true)]
    [InlineData(ApiframeErrorKind.RequestTimeout, true)]
    [InlineData(ApiframeErrorKind.ServiceUnavailable, true)]
    [InlineData(ApiframeErrorKind.Gateway, true)]
    [InlineData(ApiframeErrorKind.InvalidResponse, true)]
    [InlineData(ApiframeErrorKind.InvalidRequest, false)]
    [InlineData(ApiframeErrorKind.Authentication, false)]
    [InlineData(ApiframeErrorKind.InsufficientCredits, false)]
    [InlineData(ApiframeErrorKind.Forbidden, false)]
    [InlineData(ApiframeErrorKind.NotFound, false)]
    [InlineData(ApiframeErrorKind.Conflict, false)]
    public void Only_temporary_failures_are_retried(ApiframeErrorKind kind, bool retried) =>
        Assert.Equal(retried, Delay(new ApiframeException(kind, "x")) is not null);

    [Fact]
    public void A_wait_that_the_service_requests_is_respected_up_to_the_maximum_of_the_connection()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Delay(new ApiframeException(ApiframeErrorKind.ServiceUnavailable, "x") { RetryAfter = TimeSpan.FromSeconds(7) }));
        Assert.Equal(TimeSpan.FromSeconds(7), Delay(new ApiframeException(ApiframeErrorKind.RateLimited, "x") { RetryAfter = TimeSpan.FromSeconds(7) }));
        Assert.Equal(TimeSpan.FromMinutes(2), Delay(new ApiframeException(ApiframeErrorKind.ServiceUnavailable, "x") { RetryAfter = TimeSpan.FromDays(1) }));
        Assert.Equal(TimeSpan.FromMinutes(2), Delay(new ApiframeException(ApiframeErrorKind.RateLimited, "x") { RetryAfter = TimeSpan.FromDays(1) }));
    }

    [Fact]
    public void Rejections_without_Retry_After_cause_growing_waits_and_do_not_count_as_attempts() => Assert.Equal(
        [1, 2, 4, 8, 15, 15],
        Enumerable.Range(1, 6).Select(refusals => Delay(Refused, failures: 99, refusals: refusals)!.Value.TotalSeconds));

    [Fact]
    public void Waits_for_the_rate_limit_stay_within_their_timeout()
    {
        Assert.NotNull(Delay(Refused, rateLimitedFor: TimeSpan.FromSeconds(599)));
        Assert.Null(Delay(Refused, rateLimitedFor: TimeSpan.FromSeconds(600)));
    }

    private TimeSpan? Delay(ApiframeException failure, bool repeatable = true, int failures = 1, int refusals = 1, TimeSpan rateLimitedFor = default) =>
        _policy.DelayBeforeNext(failure, repeatable, failures, refusals, rateLimitedFor);
}
