using System;

namespace Apiframe.Client.Retry;

/// <summary>
/// Decides whether and when a download is retried. Pure, except for the random numbers. The image is paid for, so temporary failures are retried for minutes,
/// with any number of attempts.
/// </summary>
internal sealed class DownloadPatience
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaximumPause = TimeSpan.FromSeconds(15);

    /// <summary>The time to wait for a missing image that is not known to be new.</summary>
    private static readonly TimeSpan MissingTimeout = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _timeout;
    private readonly RetryPolicy _policy;
    private readonly Func<double> _random;

    /// <param name="timeout">The total time of a download.</param>
    /// <param name="policy">Limits the waits that a host requests.</param>
    /// <param name="random">Returns a uniform random number from 0 (inclusive) to 1 (exclusive).</param>
    public DownloadPatience(TimeSpan timeout, RetryPolicy policy, Func<double> random)
    {
        _timeout = timeout;
        _policy = policy;
        _random = random;
    }

    /// <summary>Whether the host reports that the image is not at this address. It may arrive later, be at another address, or be deleted.</summary>
    public static bool IsMissing(ApiframeException failure) => failure.StatusCode is >= 400 and < 500 and not (407 or 408 or 416 or 425 or 429);

    /// <summary>Returns the wait before the next attempt, or null if there is none.</summary>
    /// <param name="failure">The failure of the last attempt.</param>
    /// <param name="failures">The number of consecutive attempts that received no data, including this one, from 1.</param>
    /// <param name="triedFor">The time since the first attempt or since the host began to fail, whichever is longer.</param>
    /// <param name="missingFor">The time since the image was found to be missing.</param>
    /// <param name="age">The age of the image, or null if it is unknown. A host can have a new image minutes late.</param>
    public TimeSpan? DelayBeforeNext(ApiframeException failure, int failures, TimeSpan triedFor, TimeSpan missingFor, TimeSpan? age)
    {
        if (failure.Kind == ApiframeErrorKind.ImageAddressRefused)
        {
            return null;
        }

        TimeSpan pause = failure.RetryAfter is { } asked ? _policy.Obeyed(asked) : Pause(failures);
        (TimeSpan spent, TimeSpan patience) = !IsMissing(failure) ? (triedFor, _timeout)
            : age < _timeout || _timeout < MissingTimeout ? (missingFor, _timeout)
            : (missingFor, MissingTimeout);
        return spent + pause <= patience ? pause : null;
    }

    /// <summary>Returns a wait that doubles with each failure. Half of it is random, so that downloads that failed together are not retried together.</summary>
    private TimeSpan Pause(int failures)
    {
        double longest = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1), MaximumPause.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (1 + _random()) / 2);
    }
}
