using System;

namespace Apiframe.Client.Retry;

/// <summary>The wait after failed status requests for a job. Pure.</summary>
internal static class LookRetry
{
    private const double FirstPauseSeconds = 0.5;
    private const double MaximumPauseSeconds = 30;

    /// <summary>Returns the minimum wait before the next request. It doubles, so that a failing service is not overloaded.</summary>
    /// <param name="failures">The number of consecutive failed requests.</param>
    public static TimeSpan Pause(int failures) => failures == 0
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(MaximumPauseSeconds, FirstPauseSeconds * Math.Pow(2, failures - 1)));
}
