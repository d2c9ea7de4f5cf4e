using System;

namespace Apiframe.Client.Retry;

/// <summary>How long a job that is waited for is not asked for after looks that failed. Pure.</summary>
internal static class LookRetry
{
    private const double FirstPauseSeconds = 0.5;
    private const double MaximumPauseSeconds = 30;

    /// <summary>The least pause before the next look. It doubles, so that a service in trouble is not asked by everyone at once.</summary>
    /// <param name="failures">Failed looks in a row.</param>
    public static TimeSpan Pause(int failures) => failures == 0
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(MaximumPauseSeconds, FirstPauseSeconds * Math.Pow(2, failures - 1)));
}
