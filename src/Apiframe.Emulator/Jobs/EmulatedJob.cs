using System;

namespace Apiframe.Emulator.Jobs;

/// <summary>One job. Its state is a function of the time alone: nothing runs in the background and nothing can be missed.</summary>
internal sealed class EmulatedJob
{
    private const double QueuedShare = 0.1;

    private readonly JobPlan _plan;

    public EmulatedJob(Guid id, long ordinal, GenerateRequest request, DateTimeOffset createdAt, JobPlan plan)
    {
        Id = id;
        Ordinal = ordinal;
        Request = request;
        CreatedAt = createdAt;
        _plan = plan;
    }

    public Guid Id { get; }

    /// <summary>Place in the order of acceptance, from 0.</summary>
    public long Ordinal { get; }

    public GenerateRequest Request { get; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset EndsAt => CreatedAt + _plan.Duration;

    public bool WillFail => _plan.Fails;

    public ulong PictureSeed => _plan.PictureSeed;

    /// <summary>Credits charged at submission.</summary>
    public int Cost => PriceList.CostOf(Request.Resolution);

    public string FileName => $"{Id:D}-1.{Request.FileExtension}";

    public JobState StateAt(DateTimeOffset now)
    {
        if (now >= EndsAt)
        {
            return _plan.Fails ? new JobState(JobStatus.Failed, 0) : new JobState(JobStatus.Completed, 100);
        }

        var share = (now - CreatedAt).TotalMilliseconds / _plan.Duration.TotalMilliseconds;
        return share < QueuedShare
            ? new JobState(JobStatus.Queued, 0)
            : new JobState(JobStatus.Processing, Told(1 + (int)(99 * (share - QueuedShare) / (1 - QueuedShare))));
    }

    private int Told(int progress) => _plan.Progress switch
    {
        EmulatorProgress.Coarse => progress / 25 * 25,
        EmulatorProgress.Stuck => Math.Min(progress, 37),
        EmulatorProgress.Zero => 0,
        _ => progress,
    };
}
