using System;
using System.Collections.Concurrent;

namespace Apiframe.Client.Wait;

/// <summary>How long jobs take, by model and resolution: the times of Apiframe's model pages at first, and then the times that were measured.</summary>
internal sealed class JobDurations
{
    /// <summary>The least weight of the newest job: the service's speed changes with the hour, so old jobs fade.</summary>
    private const double LeastWeight = 0.1;

    /// <summary>How far single jobs stray before anything was seen, as a share.</summary>
    private const double UnknownSpread = 0.25;

    private readonly ConcurrentDictionary<(string Model, string Resolution), JobDuration> _seen = new();

    /// <summary>Of all connections of this process. It decides only when to look, so sharing it mixes nothing.</summary>
    public static JobDurations OfThisProcess { get; } = new();

    /// <summary>What to expect of a job.</summary>
    public JobDuration Expected(BananaJob job) => _seen.TryGetValue(KeyOf(job), out JobDuration known) ? known : Unknown(job.Model);

    /// <summary>Learns from a completed job. A failed one may have failed early and says nothing.</summary>
    public void Learn(BananaJob job)
    {
        if (job is not { Status: JobStatus.Completed, CreatedAt: { } created, CompletedAt: { } completed } || completed <= created)
        {
            return;
        }

        double took = (completed - created).TotalSeconds;
        _seen.AddOrUpdate(KeyOf(job), _ => Adjusted(Unknown(job.Model), took), (_, known) => Adjusted(known, took));
    }

    /// <summary>At first a plain average in which the expectation counts as one job; later the newest jobs weigh more.</summary>
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

    /// <summary>Typical times of the model pages.</summary>
    private static JobDuration Unknown(string? model)
    {
        double mean = model == "nano-banana" ? 15 : 12;
        return new JobDuration(mean, mean * UnknownSpread);
    }
}

/// <summary>What to expect of a job's time, in seconds.</summary>
/// <param name="Mean">The middle.</param>
/// <param name="Spread">How far nearly all jobs lie from it at the most: twice the mean distance.</param>
/// <param name="Jobs">How many jobs that was learned from.</param>
/// <param name="Last">How long the last of them took; null if none was seen.</param>
internal readonly record struct JobDuration(double Mean, double Spread, int Jobs = 0, double? Last = null);
