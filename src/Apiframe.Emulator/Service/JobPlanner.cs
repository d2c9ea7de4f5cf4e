using System;

namespace Apiframe.Emulator.Service;

/// <summary>What is fixed about a job's course before it starts.</summary>
/// <param name="Duration">From submission to the end.</param>
/// <param name="Error">Why it fails; null if it is not to.</param>
/// <param name="PictureSeed">What the picture depends on.</param>
/// <param name="Progress">What the job says of its progress.</param>
/// <param name="Fault">What goes wrong with it.</param>
internal sealed record JobPlan(TimeSpan Duration, string? Error, ulong PictureSeed, EmulatorProgress Progress, JobFault Fault);

/// <summary>Draws, for the nth job, how long it takes, whether it fails and which picture it gives.</summary>
/// <param name="meanSec">Mean time of a job in seconds.</param>
/// <param name="spread">How far a job's time may lie from the mean, as a share of it.</param>
/// <param name="failureRate">Share of jobs that fail.</param>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="progress">What jobs say of their progress.</param>
/// <param name="faultOf">What else goes wrong with the nth job. Asked once for each that does not fail anyway.</param>
internal sealed class JobPlanner(
    double meanSec, double spread, double failureRate, int seed, EmulatorProgress progress = EmulatorProgress.Fine, Func<long, JobFault?>? faultOf = null)
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
        error ??= fault.End == JobStatus.Failed ? Declined : null;
        return new JobPlan(duration, error, random.NextBits(), progress, fault);
    }
}
