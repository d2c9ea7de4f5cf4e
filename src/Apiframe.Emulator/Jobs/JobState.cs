namespace Apiframe.Emulator.Jobs;

/// <summary>Where a job stands at one moment.</summary>
internal readonly struct JobState
{
    public JobState(JobStatus status, int progress)
    {
        Status = status;
        Progress = progress;
    }

    public JobStatus Status { get; }

    /// <summary>Percent, 0 to 100.</summary>
    public int Progress { get; }

    public bool IsFinal => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;
}
