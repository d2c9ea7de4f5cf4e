using System;

namespace Apiframe.Client.Retry;

/// <summary>
/// Whether and when a failed request is sent again. Pure but for the random numbers it is given: the figures of the vendor's own client (full jitter between 0 and
/// min(8 s, 250 ms x 2^n)) with more attempts, because a lost answer here is a paid image.
/// </summary>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan BaseDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaximumDelay = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FirstRateLimitDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaximumRateLimitDelay = TimeSpan.FromSeconds(15);

    private readonly Func<double> _random;

    /// <param name="maximumRetryCount">How often a failed request is repeated.</param>
    /// <param name="rateLimitTimeout">How long one request waits for 429 to pass.</param>
    /// <param name="maximumRetryAfter">The longest a single <c>Retry-After</c> is obeyed.</param>
    /// <param name="random">Uniform in [0, 1).</param>
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

    /// <summary>The same policy with another patience for 429.</summary>
    public RetryPolicy WithRateLimitTimeout(TimeSpan timeout) => new(MaximumRetryCount, timeout, MaximumRetryAfter, _random);

    /// <summary>The wait before the next attempt, or null to give up.</summary>
    /// <param name="failure">What the last attempt ended with.</param>
    /// <param name="repeatable">Whether a repeat can do no harm: a GET, or a POST under an idempotency key.</param>
    /// <param name="failures">Failed attempts so far without those that a 429 refused, this one included.</param>
    /// <param name="refusals">Attempts that a 429 refused so far, this one included.</param>
    /// <param name="rateLimitedFor">Time since the first 429 of this request, or since it was first held back by one of another request.</param>
    public TimeSpan? DelayBeforeNext(ApiframeException failure, bool repeatable, int failures, int refusals, TimeSpan rateLimitedFor)
    {
        if (failure.Kind == ApiframeErrorKind.RateLimited)
        {
            TimeSpan delay = failure.RetryAfter is { } asked
                ? Obeyed(asked)
                : Exponential(FirstRateLimitDelay, refusals, MaximumRateLimitDelay);
            return rateLimitedFor + delay <= RateLimitTimeout ? delay : null;
        }

        // 501 says that the service will never do this; the vendor's client excludes it too.
        if (!repeatable || !failure.IsTransient || failure.StatusCode == 501 || failures > MaximumRetryCount)
        {
            return null;
        }

        return failure.RetryAfter is { } requested ? Obeyed(requested) : Backoff(failures);
    }

    /// <summary>How much of a <c>Retry-After</c> is obeyed.</summary>
    public TimeSpan Obeyed(TimeSpan retryAfter) => Min(retryAfter, MaximumRetryAfter);

    /// <summary>The wait after the n-th failure when the other side asked for none.</summary>
    public TimeSpan Backoff(int failures) => TimeSpan.FromTicks((long)(Exponential(BaseDelay, failures, MaximumDelay).Ticks * _random()));

    private static TimeSpan Exponential(TimeSpan first, int count, TimeSpan maximum) =>
        Min(TimeSpan.FromTicks(first.Ticks << Math.Min(count - 1, 16)), maximum);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
