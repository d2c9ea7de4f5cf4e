using System;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator.Jobs;

/// <summary>What is fixed about a job's course before it starts.</summary>
internal readonly struct JobPlan
{
    public JobPlan(TimeSpan duration, string? error, ulong pictureSeed, EmulatorProgress progress, JobFault fault)
    {
        Duration = duration;
        Error = error;
        PictureSeed = pictureSeed;
        Progress = progress;
        Fault = fault;
    }

    public TimeSpan Duration { get; }

    /// <summary>Why it fails; null if it is not to.</summary>
    public string? Error { get; }

    public ulong PictureSeed { get; }

    /// <summary>What the job says of its progress.</summary>
    public EmulatorProgress Progress { get; }

    public JobFault Fault { get; }
}
