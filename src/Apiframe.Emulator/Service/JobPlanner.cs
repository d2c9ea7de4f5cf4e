using System;

namespace Apiframe.Emulator.Service;

/// <summary>What is fixed about a job's course before it starts.</summary>
/// <param name="Duration">From submission to the end.</param>
/// <param name="Error">Why it fails; null if it is not to.</param>
/// <param name="PictureSeed">What the picture depends on.</param>
/// <param name="Progress">What the job says of its progress.</param>
/// <param name="Fault">What goes wrong with it.</param>
/// <param name="ImageLifetime">How long its image is stored, from its end on.</param>
internal sealed record JobPlan(
    TimeSpan Duration, string? Error, ulong PictureSeed, EmulatorProgress Progress, JobFault Fault, TimeSpan ImageLifetime);

/// <summary>
/// Draws, for the nth job, how long it takes, whether it fails and which picture it gives. What else goes wrong with a job that does not
/// fail anyway is asked for once.
/// </summary>
internal sealed class JobPlanner(
    double meanSec, double spread, double failureRate, int seed, EmulatorProgress progress = EmulatorProgress.Fine, Func<long, JobFault?>? faultOf = null,
    TimeSpan? imageLifetime = null)
{
    private const string Declined = "The provider declined the prompt (content policy)";

    /// <param name="ordinal">Which job it is. Each is planned once.</param>
    /// <param name="inputError">Why it must fail, whatever is drawn.</param>
    public JobPlan Plan(long ordinal, string? inputError = null)
    {
        var random = new SeededRandom(SeededRandom.Combine(seed, ordinal));
        var seconds = meanSec * random.NextBetween(1 - spread, 1 + spread);
        var error = random.NextDouble() < failureRate ? Declined : null;
        error = inputError ?? error;

        // Whole milliseconds, as timestamps carry no more: a job then ends exactly at its completedAt.
        var duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        var fault = error is null ? faultOf?.Invoke(ordinal) ?? JobFault.None : JobFault.None;
        error ??= fault.End == JobStatus.Failed ? fault.Error ?? Declined : null;
        return new JobPlan(duration, error, random.NextBits(), progress, fault, imageLifetime ?? TimeSpan.MaxValue);
    }
}

/// <summary>How a job's course differs from what it should be.</summary>
/// <param name="RunsAs">What it says while it should say PROCESSING. A job that says QUEUED makes no progress.</param>
/// <param name="Overtime">How much later it ends.</param>
/// <param name="End">The status that it ends with.</param>
/// <param name="Error">Why it fails, if it ends FAILED; null for a prompt that is declined.</param>
/// <param name="HiddenFor">How long nobody knows it, from the middle of its time on.</param>
/// <param name="WithoutUrlFor">How long it lacks its result, from its end on.</param>
/// <param name="ExpiredFor">How long it says that its file has expired, from its end on.</param>
/// <param name="WithoutFileFor">How long its file is not there, from its end on.</param>
/// <param name="CostsNothingUntilEnd">Whether it tells a cost of 0 while it runs. It is charged anyway.</param>
internal sealed record JobFault(
    string RunsAs = JobStatus.Processing,
    TimeSpan Overtime = default,
    string End = JobStatus.Completed,
    string? Error = null,
    TimeSpan HiddenFor = default,
    TimeSpan WithoutUrlFor = default,
    TimeSpan ExpiredFor = default,
    TimeSpan WithoutFileFor = default,
    bool CostsNothingUntilEnd = false)
{
    public static JobFault None { get; } = new();
}
