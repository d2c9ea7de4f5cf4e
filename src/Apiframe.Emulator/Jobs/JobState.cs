namespace Apiframe.Emulator.Jobs;

/// <summary>Where a job stands at one moment.</summary>
internal readonly struct JobState
{
    public JobState(JobStatus status, int progress, bool hasResult = false, bool isExpired = false, bool hasFile = false)
    {
        Status = status;
        Progress = progress;
        HasResult = hasResult;
        IsExpired = isExpired;
        HasFile = hasFile;
    }

    public JobStatus Status { get; }

    /// <summary>Percent, 0 to 100.</summary>
    public int Progress { get; }

    /// <summary>Whether it tells where its image is.</summary>
    public bool HasResult { get; }

    /// <summary>Whether its image is no longer there.</summary>
    public bool IsExpired { get; }

    /// <summary>Whether its image is there, or was until it expired.</summary>
    public bool HasFile { get; }

    public bool IsFinal => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;
}
