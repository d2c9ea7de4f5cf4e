using System;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator.Jobs;

/// <summary>Draws, for the nth job, how long it takes, whether it fails and which picture it gives.</summary>
internal sealed class JobPlanner
{
    private const string Declined = "The provider declined the prompt (content policy)";

    private readonly double _meanSec;
    private readonly double _spread;
    private readonly double _failureRate;
    private readonly int _seed;
    private readonly EmulatorProgress _progress;
    private readonly JobFaults? _faults;

    public JobPlanner(
        double meanSec, double spread, double failureRate, int seed, EmulatorProgress progress = EmulatorProgress.Fine, JobFaults? faults = null)
    {
        _meanSec = meanSec;
        _spread = spread;
        _failureRate = failureRate;
        _seed = seed;
        _progress = progress;
        _faults = faults;
    }

    /// <param name="ordinal">Which job it is. Each is planned once.</param>
    /// <param name="inputError">Why it must fail, whatever is drawn.</param>
    public JobPlan Plan(long ordinal, string? inputError = null)
    {
        var random = new SeededRandom(SeededRandom.Combine(_seed, ordinal));
        var seconds = _meanSec * random.NextBetween(1 - _spread, 1 + _spread);
        var isDeclined = random.NextDouble() < _failureRate;
        var error = inputError ?? (isDeclined ? Declined : null);
        // Whole milliseconds, as timestamps carry no more: a job then ends exactly at its completedAt.
        var duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        var fault = error is not null || _faults is null ? JobFault.None : _faults.For(ordinal);
        error ??= fault.End == JobStatus.Failed ? Declined : null;
        return new JobPlan(duration, error, random.NextBits(), _progress, fault);
    }
}
