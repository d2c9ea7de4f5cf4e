using System;

namespace Apiframe.Emulator.Jobs;

/// <summary>What is fixed about a job's course before it starts.</summary>
internal readonly struct JobPlan
{
    public JobPlan(TimeSpan duration, bool fails, ulong pictureSeed)
    {
        Duration = duration;
        Fails = fails;
        PictureSeed = pictureSeed;
    }

    public TimeSpan Duration { get; }

    public bool Fails { get; }

    public ulong PictureSeed { get; }
}
