using System;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator.Jobs;

/// <summary>Draws, for the nth job, how long it takes, whether it fails and which picture it gives.</summary>
internal sealed class JobPlanner
{
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

    public JobPlan Plan(long ordinal)
    {
        var random = new SeededRandom(SeededRandom.Combine(_seed, ordinal));
        var seconds = _meanSec * random.NextBetween(1 - _spread, 1 + _spread);
        var fails = random.NextDouble() < _failureRate;
        // Whole milliseconds, as timestamps carry no more: a job then ends exactly at its completedAt.
        var duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        var fault = fails || _faults is null ? JobFault.None : _faults.For(ordinal);
        return new JobPlan(duration, fails, random.NextBits(), _progress, fault);
    }
}
