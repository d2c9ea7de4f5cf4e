using System;

namespace Apiframe.NanoBanana;

/// <summary>What a progress bar says.</summary>
internal static class ProgressText
{
    /// <summary>How things stand, in one line.</summary>
    /// <param name="verb">What has happened to a thing that is done, such as accepted.</param>
    /// <param name="started">How many things were begun.</param>
    /// <param name="done">How many of them are done.</param>
    /// <param name="failed">How many of them have failed.</param>
    /// <param name="nearestPercent">How far the job is that will be done next; null if that is not known.</param>
    /// <param name="held">For how long the service's limit holds requests back; zero or less if it does not.</param>
    public static string Of(string verb, int started, int done, int failed, int? nearestPercent, TimeSpan held)
    {
        string nearest = nearestPercent is null ? string.Empty : $", highest progress {nearestPercent} %";
        string limit = held <= TimeSpan.Zero ? string.Empty : $", waiting {Math.Ceiling(held.TotalSeconds):0} s for the service's rate limit";
        return $"{done} of {started} {verb}, {started - done - failed} running, {failed} failed{nearest}{limit}";
    }
}
