using System;
using System.Collections.Concurrent;

namespace Apiframe.Client.Jobs;

/// <summary>How long jobs take, by model and resolution: what the contract says at first, and what was seen since.</summary>
internal sealed class JobDurations
{
    /// <summary>Weight of the newest job: the service's speed changes with the hour, so old jobs fade.</summary>
    private const double Newest = 0.2;

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
        _seen.AddOrUpdate(
            KeyOf(job),
            _ => new JobDuration(took, took * UnknownSpread),
            (_, known) => new JobDuration(
                known.Mean + (Newest * (took - known.Mean)),
                known.Spread + (Newest * (Math.Abs(took - known.Mean) - known.Spread))));
    }

    private static (string Model, string Resolution) KeyOf(BananaJob job) => (job.Model ?? SubmitRequest.DefaultModel, job.Resolution ?? "1K");

    /// <summary>Typical times of the model pages (contract section 3.2).</summary>
    private static JobDuration Unknown(string? model)
    {
        double mean = model == "nano-banana" ? 15 : 12;
        return new JobDuration(mean, mean * UnknownSpread);
    }
}

/// <summary>What to expect of a job's time, in seconds.</summary>
/// <param name="Mean">The middle.</param>
/// <param name="Spread">How far single jobs usually lie from it.</param>
internal readonly record struct JobDuration(double Mean, double Spread);
