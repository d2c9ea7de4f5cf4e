using System;
using Apiframe.Emulator.Webhooks;

namespace Apiframe.Emulator.Jobs;

/// <summary>
/// One job. Its state is a function of the time alone: nothing runs in the background and nothing can be missed. Only what became of
/// its webhook depends on somebody else.
/// </summary>
internal sealed class EmulatedJob
{
    private const double QueuedShare = 0.1;

    private readonly JobPlan _plan;

    public EmulatedJob(Guid id, long ordinal, GenerateRequest request, DateTimeOffset createdAt, JobPlan plan, int cost)
    {
        Id = id;
        Ordinal = ordinal;
        Request = request;
        CreatedAt = createdAt;
        _plan = plan;
        Cost = cost;
        Webhook = request.Webhook is { } target ? new JobWebhook(target) : null;
    }

    public Guid Id { get; }

    /// <summary>Place in the order of acceptance, from 0.</summary>
    public long Ordinal { get; }

    public GenerateRequest Request { get; }

    public DateTimeOffset CreatedAt { get; }

    /// <summary>Null for a job without one.</summary>
    public JobWebhook? Webhook { get; }

    public DateTimeOffset EndsAt => CreatedAt + _plan.Duration + _plan.Fault.Overtime;

    public bool WillBeRefunded => End != JobStatus.Completed;

    /// <summary>Why it fails; null for a job that does not.</summary>
    public string? Error => _plan.Error;

    public ulong PictureSeed => _plan.PictureSeed;

    /// <summary>Credits charged at submission.</summary>
    public int Cost { get; }

    public string FileName => $"{Id:D}-1.{Request.FileExtension}";

    private JobStatus End => Error is null ? _plan.Fault.End : JobStatus.Failed;

    public JobState StateAt(DateTimeOffset now) => now >= EndsAt ? Ended(now - EndsAt) : Running(now - CreatedAt);

    /// <summary>What it says that it costs.</summary>
    public int CostToldAt(JobState state)
    {
        var isUntold = state.IsFinal ? WillBeRefunded : _plan.Fault.CostsNothingUntilEnd;
        return isUntold ? 0 : Cost;
    }

    /// <summary>The first millisecond at which it has got so far, if it makes progress as it should.</summary>
    /// <param name="percent">1 to 99.</param>
    public DateTimeOffset TimeOfProgress(int percent)
    {
        var share = QueuedShare + ((1 - QueuedShare) * (percent - 1) / 99);
        return CreatedAt + TimeSpan.FromMilliseconds(Math.Floor(_plan.Duration.TotalMilliseconds * share) + 1);
    }

    /// <summary>Whether the service does not know the job for now.</summary>
    public bool IsHiddenAt(DateTimeOffset now)
    {
        var since = now - CreatedAt - TimeSpan.FromTicks(_plan.Duration.Ticks / 2);
        return since >= TimeSpan.Zero && since < _plan.Fault.HiddenFor;
    }

    private JobState Ended(TimeSpan since) => End == JobStatus.Completed
        ? new JobState(End, 100, hasResult: since >= _plan.Fault.WithoutUrlFor, isExpired: since < _plan.Fault.ExpiredFor, hasFile: since >= _plan.Fault.WithoutFileFor)
        : new JobState(End, 0);

    private JobState Running(TimeSpan since)
    {
        // In overtime it is as good as done all the time.
        var share = since < _plan.Duration ? since.TotalMilliseconds / _plan.Duration.TotalMilliseconds : 1;
        return share < QueuedShare || _plan.Fault.RunsAs == JobStatus.Queued
            ? new JobState(JobStatus.Queued, 0)
            : new JobState(_plan.Fault.RunsAs, Told(Math.Min(99, 1 + (int)(99 * (share - QueuedShare) / (1 - QueuedShare)))));
    }

    private int Told(int progress) => _plan.Progress switch
    {
        EmulatorProgress.Coarse => progress / 25 * 25,
        EmulatorProgress.Stuck => Math.Min(progress, 37),
        EmulatorProgress.Zero => 0,
        _ => progress,
    };
}
