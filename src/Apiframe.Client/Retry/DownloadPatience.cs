using System;

namespace Apiframe.Client.Retry;

/// <summary>
/// Whether and when a download is tried again. Pure but for the random numbers it is given. The image is paid for, so everything that may pass is waited out
/// for minutes, however many attempts that takes.
/// </summary>
internal sealed class DownloadPatience
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaximumPause = TimeSpan.FromSeconds(15);

    /// <summary>How long an image that is not there is waited for if nothing says that it has just been made.</summary>
    private static readonly TimeSpan MissingTimeout = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _timeout;
    private readonly RetryPolicy _policy;
    private readonly Func<double> _random;

    /// <param name="timeout">How long a download is tried in all.</param>
    /// <param name="policy">How long a host that asks for a pause is obeyed.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    public DownloadPatience(TimeSpan timeout, RetryPolicy policy, Func<double> random)
    {
        _timeout = timeout;
        _policy = policy;
        _random = random;
    }

    /// <summary>Whether the host says that nothing can be had under this address. The image may not have arrived there yet, it may be elsewhere, or gone.</summary>
    public static bool IsMissing(ApiframeException failure) => failure.StatusCode is >= 400 and < 500 and not (407 or 408 or 416 or 425 or 429);

    /// <summary>The pause before the next attempt, or null to give up.</summary>
    /// <param name="failure">What the last attempt ended with.</param>
    /// <param name="failures">How many attempts in a row brought nothing of the image, this one included; 1 to start with.</param>
    /// <param name="triedFor">Time since the first attempt, or since the host began to fail, whichever is longer.</param>
    /// <param name="missingFor">Time since the image was found missing.</param>
    /// <param name="age">How long ago the image was made; null if that is not known. A host may be behind by minutes with an image that has just been made.</param>
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

    /// <summary>Doubles with each failure; half of it is left to chance, so that downloads that failed together do not come back together.</summary>
    private TimeSpan Pause(int failures)
    {
        double longest = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1), MaximumPause.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (1 + _random()) / 2);
    }
}
