using System;
using System.Collections.Concurrent;

namespace Apiframe.Client.Wait;

/// <summary>The durations of jobs by model and resolution: at first those of Apiframe's model pages, and then the measured ones.</summary>
internal sealed class JobDurations
{
    /// <summary>The minimum weight of the newest job. The speed of the service changes within hours, so older jobs lose their weight.</summary>
    private const double LeastWeight = 0.1;

    /// <summary>The expected deviation from the mean before any job was measured, as a fraction.</summary>
    private const double UnknownSpread = 0.25;

    private readonly ConcurrentDictionary<(string Model, string Resolution), JobDuration> _seen = new();

    /// <summary>The durations of all connections of this process. They only determine when requests are sent, so accounts can share them.</summary>
    public static JobDurations OfThisProcess { get; } = new();

    public JobDuration Expected(BananaJob job) => _seen.TryGetValue(KeyOf(job), out JobDuration known) ? known : Unknown(job.Model);

    /// <summary>Records the duration of a completed job. A failed job is ignored, because it can fail early.</summary>
    public void Learn(BananaJob job)
    {
        if (job is not { Status: JobStatus.Completed, CreatedAt: { } created, CompletedAt: { } completed } || completed <= created)
        {
            return;
        }

        double took = (completed - created).TotalSeconds;
        _seen.AddOrUpdate(KeyOf(job), _ => Adjusted(Unknown(job.Model), took), (_, known) => Adjusted(known, took));
    }

    /// <summary>
    /// Adjusts a duration: at first as an average in which the expectation counts as one job, and later with more weight for the newest jobs.
    /// </summary>
    private static JobDuration Adjusted(JobDuration known, double took)
    {
        double weight = Math.Max(LeastWeight, 1.0 / (known.Jobs + 2));
        return new JobDuration(
            known.Mean + (weight * (took - known.Mean)),
            known.Spread + (weight * ((2 * Math.Abs(took - known.Mean)) - known.Spread)),
            known.Jobs + 1,
            took);
    }

    private static (string Model, string Resolution) KeyOf(BananaJob job) => (job.Model ?? ImageOptions.DefaultModel, job.Resolution ?? "1K");

    /// <summary>Returns the typical duration on the model pages.</summary>
    private static JobDuration Unknown(string? model)
    {
        double mean = model == "nano-banana" ? 15 : 12;
        return new JobDuration(mean, mean * UnknownSpread);
    }
}

/// <summary>The expected duration of a job, in seconds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Spread">The maximum deviation of nearly all jobs: twice the mean deviation.</param>
/// <param name="Jobs">The number of measured jobs.</param>
/// <param name="Last">The duration of the last job, or null if none was measured.</param>
internal readonly record struct JobDuration(double Mean, double Spread, int Jobs = 0, double? Last = null);
