using System;

namespace Apiframe.Emulator.Service;

/// <summary>The properties of a job that are fixed before it starts.</summary>
/// <param name="Duration">The time from the submission to the end.</param>
/// <param name="Error">The error that the job fails with, or null.</param>
/// <param name="PictureSeed">The random number that determines the picture.</param>
/// <param name="Progress">How the job reports its progress.</param>
/// <param name="Fault">The fault of the job.</param>
/// <param name="ImageLifetime">The time for which the image is stored after the job has ended.</param>
internal sealed record JobPlan(
    TimeSpan Duration, string? Error, ulong PictureSeed, EmulatorProgress Progress, JobFault Fault, TimeSpan ImageLifetime);

/// <summary>
/// Draws the time, the failure, and the picture of the nth job. A job that does not fail by itself can have a fault, which is drawn once.
/// </summary>
internal sealed class JobPlanner(
    double meanSec, double spread, double failureRate, int seed, EmulatorProgress progress = EmulatorProgress.Fine, Func<long, JobFault?>? faultOf = null,
    TimeSpan? imageLifetime = null)
{
    private const string Declined = "The provider declined the prompt (content policy)";

    /// <param name="ordinal">The number of the job. Each job is planned once.</param>
    /// <param name="inputError">An error that the job must fail with, or null.</param>
    public JobPlan Plan(long ordinal, string? inputError = null)
    {
        var random = new SeededRandom(SeededRandom.Combine(seed, ordinal));
        var seconds = meanSec * random.NextBetween(1 - spread, 1 + spread);
        var error = random.NextDouble() < failureRate ? Declined : null;
        error = inputError ?? error;

        // Timestamps have whole milliseconds, so the duration is rounded. The job then ends exactly at its completedAt.
        var duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        var fault = error is null ? faultOf?.Invoke(ordinal) ?? JobFault.None : JobFault.None;
        error ??= fault.End == JobStatus.Failed ? fault.Error ?? Declined : null;
        return new JobPlan(duration, error, random.NextBits(), progress, fault, imageLifetime ?? TimeSpan.MaxValue);
    }
}

/// <summary>A deviation from the normal states of a job.</summary>
/// <param name="RunsAs">The status that is reported instead of PROCESSING. A job with the status QUEUED makes no progress.</param>
/// <param name="Overtime">The time by which the job ends later.</param>
/// <param name="End">The status that the job ends with.</param>
/// <param name="Error">The error if the job ends as FAILED. Null means that the prompt was declined.</param>
/// <param name="HiddenFor">The time for which the job is not found, from the middle of its duration.</param>
/// <param name="WithoutUrlFor">The time for which the job has no result, from its end.</param>
/// <param name="ExpiredFor">The time for which the job reports that its file has expired, from its end.</param>
/// <param name="WithoutFileFor">The time for which the file does not exist, from the end of the job.</param>
/// <param name="CostsNothingUntilEnd">Whether the job reports a cost of 0 while it runs. It is charged anyway.</param>
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
