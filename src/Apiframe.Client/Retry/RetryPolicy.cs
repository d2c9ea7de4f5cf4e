using System;

namespace Apiframe.Client.Retry;

/// <summary>
/// Decides whether and when a failed request is retried. Pure, except for the random numbers. The waits are those of the vendor's own client (full jitter
/// between 0 and min(8 s, 250 ms x 2^n)), with more attempts, because a lost response can be a paid image.
/// </summary>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan BaseDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaximumDelay = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FirstRateLimitDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaximumRateLimitDelay = TimeSpan.FromSeconds(15);

    private readonly Func<double> _random;

    /// <param name="maximumRetryCount">The number of retries.</param>
    /// <param name="rateLimitTimeout">The maximum time that one request waits for the rate limit.</param>
    /// <param name="maximumRetryAfter">The maximum time that a single <c>Retry-After</c> is respected.</param>
    /// <param name="random">Returns a uniform random number from 0 (inclusive) to 1 (exclusive).</param>
    public RetryPolicy(int maximumRetryCount, TimeSpan rateLimitTimeout, TimeSpan maximumRetryAfter, Func<double> random)
    {
        MaximumRetryAfter = maximumRetryAfter;
        MaximumRetryCount = maximumRetryCount;
        RateLimitTimeout = rateLimitTimeout;
        _random = random;
    }

    public int MaximumRetryCount { get; }

    public TimeSpan RateLimitTimeout { get; }

    public TimeSpan MaximumRetryAfter { get; }

    /// <summary>Returns the same policy with another rate limit timeout.</summary>
    public RetryPolicy WithRateLimitTimeout(TimeSpan timeout) => new(MaximumRetryCount, timeout, MaximumRetryAfter, _random);

    /// <summary>Returns the wait before the next attempt, or null if there is none.</summary>
    /// <param name="failure">The failure of the last attempt.</param>
    /// <param name="repeatable">Whether the request can be repeated safely: a GET, or a POST under an idempotency key.</param>
    /// <param name="failures">The number of failed attempts, including this one, without rejections by the rate limit.</param>
    /// <param name="refusals">The number of rejections by the rate limit, including this one.</param>
    /// <param name="rateLimitedFor">The time since the first 429 of this request, or since another request's 429 first held it back.</param>
    public TimeSpan? DelayBeforeNext(ApiframeException failure, bool repeatable, int failures, int refusals, TimeSpan rateLimitedFor)
    {
        if (failure.Kind == ApiframeErrorKind.RateLimited)
        {
            TimeSpan delay = failure.RetryAfter is { } asked
                ? Obeyed(asked)
                : Exponential(FirstRateLimitDelay, refusals, MaximumRateLimitDelay);
            return rateLimitedFor + delay <= RateLimitTimeout ? delay : null;
        }

        // 501 means that the service does not support the request. The vendor's client does not retry it either.
        if (!repeatable || !failure.IsTransient || failure.StatusCode == 501 || failures > MaximumRetryCount)
        {
            return null;
        }

        return failure.RetryAfter is { } requested ? Obeyed(requested) : Backoff(failures);
    }

    /// <summary>Returns the part of a <c>Retry-After</c> that is respected.</summary>
    public TimeSpan Obeyed(TimeSpan retryAfter) => Min(retryAfter, MaximumRetryAfter);

    /// <summary>Returns the wait after the nth failure if the other side did not request one.</summary>
    public TimeSpan Backoff(int failures) => TimeSpan.FromTicks((long)(Exponential(BaseDelay, failures, MaximumDelay).Ticks * _random()));

    private static TimeSpan Exponential(TimeSpan first, int count, TimeSpan maximum) =>
        Min(TimeSpan.FromTicks(first.Ticks << Math.Min(count - 1, 16)), maximum);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
