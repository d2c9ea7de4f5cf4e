using System;

namespace Apiframe.Emulator.Service;

/// <summary>How a job's course differs from what it should be.</summary>
internal sealed record JobFault
{
    public static JobFault None { get; } = new();

    /// <summary>What it says while it should say PROCESSING. A job that says QUEUED makes no progress.</summary>
    public string RunsAs { get; init; } = JobStatus.Processing;

    /// <summary>How much later it ends.</summary>
    public TimeSpan Overtime { get; init; }

    public string End { get; init; } = JobStatus.Completed;

    /// <summary>How long nobody knows it, from the middle of its time on.</summary>
    public TimeSpan HiddenFor { get; init; }

    /// <summary>How long it lacks its result, from its end on.</summary>
    public TimeSpan WithoutUrlFor { get; init; }

    /// <summary>How long it says that its file has expired, from its end on.</summary>
    public TimeSpan ExpiredFor { get; init; }

    /// <summary>How long its file is not there, from its end on.</summary>
    public TimeSpan WithoutFileFor { get; init; }

    /// <summary>Whether it tells a cost of 0 while it runs. It is charged all the same.</summary>
    public bool CostsNothingUntilEnd { get; init; }
}
