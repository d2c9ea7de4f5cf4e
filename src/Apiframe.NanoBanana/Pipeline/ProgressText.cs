using System;

namespace Apiframe.NanoBanana;

internal static class ProgressText
{
    /// <summary>Returns the state of the work in one line.</summary>
    /// <param name="verb">The past participle for finished items, such as accepted.</param>
    /// <param name="started">The number of items that were started.</param>
    /// <param name="done">The number of finished items.</param>
    /// <param name="failed">The number of failed items.</param>
    /// <param name="nearestPercent">The progress of the job that is likely to finish next, or null.</param>
    /// <param name="held">The time for which the rate limit holds requests back. Zero or less if it does not.</param>
    public static string Of(string verb, int started, int done, int failed, int? nearestPercent, TimeSpan held)
    {
        string nearest = nearestPercent is null ? string.Empty : $", highest progress {nearestPercent}%";
        string limit = held <= TimeSpan.Zero ? string.Empty : $", waiting {Math.Ceiling(held.TotalSeconds):0} s for the service's rate limit";
        return $"{done} of {started} {verb}, {started - done - failed} running, {failed} failed{nearest}{limit}";
    }
}
