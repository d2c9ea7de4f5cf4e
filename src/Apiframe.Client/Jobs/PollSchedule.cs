using System;

namespace Apiframe.Client.Jobs;

/// <summary>
/// When to ask for a job next. Pure.
/// <para>
/// A job of this model family takes about 12 s (contract section 3.2), so asking at once is wasted and asking late keeps a
/// finished image waiting. The rule: halve what is left until the expected end. The end is expected where the job's own progress
/// says, else 12 s after acceptance. Past the expected end nothing more is known, so the gaps widen again with the time overdue.
/// Never wait longer than the job has taken so far (but for the first 2 s): so a job that is much quicker than usual is not found
/// later than in twice its time.
/// </para>
/// </summary>
internal static class PollSchedule
{
    /// <summary>How long a job takes when nothing else is known.</summary>
    private static readonly TimeSpan ExpectedDuration = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan MinimumDelay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan MaximumDelay = TimeSpan.FromSeconds(5);

    /// <summary>The contract's advice for the first look at a fresh job.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);

    /// <summary>The wait before the next look.</summary>
    /// <param name="age">Time since the job was accepted, or first seen.</param>
    /// <param name="progress">0 to 100 as last told; null if never.</param>
    public static TimeSpan DelayBeforeNext(TimeSpan age, int? progress)
    {
        TimeSpan expected = progress is > 0 and < 100 ? TimeSpan.FromTicks(age.Ticks * 100 / progress.Value) : ExpectedDuration;
        TimeSpan left = expected - age;
        TimeSpan delay = TimeSpan.FromTicks(left > TimeSpan.Zero ? left.Ticks / 2 : -left.Ticks / 4);
        return Clamp(delay, MinimumDelay, Clamp(age, FirstDelay, MaximumDelay));
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
