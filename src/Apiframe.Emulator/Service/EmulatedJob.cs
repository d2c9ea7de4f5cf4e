using System;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>Where a job stands at one moment.</summary>
/// <param name="Status">As on the wire.</param>
/// <param name="Progress">Percent, 0 to 100.</param>
/// <param name="HasResult">Whether it tells where its image is.</param>
/// <param name="HasFile">Whether its image is there, or was until it expired.</param>
/// <param name="IsExpired">Whether the service has deleted its image.</param>
internal readonly record struct JobState(string Status, int Progress, bool HasResult = false, bool HasFile = false, bool IsExpired = false)
{
    public bool IsFinal => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;
}

/// <summary>
/// One job. Its state is a function of the time alone: nothing runs in the background and nothing can be missed. Only what became of
/// its webhook depends on somebody else.
/// </summary>
internal sealed class EmulatedJob(Guid id, EmulatedJob? previous, JobRequest request, DateTimeOffset createdAt, JobPlan plan, Draft draft)
{
    private const double QueuedShare = 0.1;

    private volatile string? _webhookStatus = request.Webhook is null ? null : "pending";

    public Guid Id => id;

    /// <summary>The one accepted before it; null for the first.</summary>
    public EmulatedJob? Previous => previous;

    public JobRequest Request => request;

    public DateTimeOffset CreatedAt => createdAt;

    public DateTimeOffset EndsAt => createdAt + plan.Duration + plan.Fault.Overtime;

    public bool WillBeRefunded => End != JobStatus.Completed;

    /// <summary>Why it fails; null for a job that does not.</summary>
    public string? Error => plan.Error;

    /// <summary>What its image shows.</summary>
    public Scene Scene => draft.Scene(plan.PictureSeed);

    /// <summary>Credits charged at submission.</summary>
    public int Cost => draft.Cost;

    /// <summary>The format of its image: jpg, png or webp.</summary>
    public string FileExtension => draft.Extension;

    public string FileName => $"{id:D}-1.{FileExtension}";

    /// <summary>What became of the last event of its webhook, once it has been delivered or given up. Null for a job without one.</summary>
    public string? WebhookStatus => _webhookStatus;

    private string End => Error is null ? plan.Fault.End : JobStatus.Failed;

    public JobState StateAt(DateTimeOffset now) => now >= EndsAt ? Ended(now - EndsAt) : Running(now - createdAt);

    /// <summary>What it says that it costs.</summary>
    public int CostToldAt(JobState state)
    {
        var isUntold = state.IsFinal ? WillBeRefunded : plan.Fault.CostsNothingUntilEnd;
        return isUntold ? 0 : Cost;
    }

    /// <summary>The first millisecond at which it has got so far, if it makes progress as it should.</summary>
    /// <param name="percent">1 to 99.</param>
    public DateTimeOffset TimeOfProgress(int percent)
    {
        var share = QueuedShare + ((1 - QueuedShare) * (percent - 1) / 99);
        return createdAt + TimeSpan.FromMilliseconds(Math.Floor(plan.Duration.TotalMilliseconds * share) + 1);
    }

    /// <summary>Whether the service does not know the job for now.</summary>
    public bool IsHiddenAt(DateTimeOffset now)
    {
        var since = now - createdAt - TimeSpan.FromTicks(plan.Duration.Ticks / 2);
        return since >= TimeSpan.Zero && since < plan.Fault.HiddenFor;
    }

    public void SettleWebhook(bool isDelivered) => _webhookStatus = isDelivered ? "delivered" : "failed";

    private JobState Ended(TimeSpan since) => WillBeRefunded
        ? new JobState(End, 0)
        : new JobState(
            End,
            100,
            HasResult: since >= plan.Fault.WithoutUrlFor,
            HasFile: since >= plan.Fault.WithoutFileFor,
            IsExpired: since < plan.Fault.ExpiredFor || since >= plan.ImageLifetime);

    private JobState Running(TimeSpan since)
    {
        // In overtime it is as good as done all the time.
        var share = since < plan.Duration ? since.TotalMilliseconds / plan.Duration.TotalMilliseconds : 1;
        return share < QueuedShare || plan.Fault.RunsAs == JobStatus.Queued
            ? new JobState(JobStatus.Queued, 0)
            : new JobState(plan.Fault.RunsAs, Told(Math.Min(99, 1 + (int)(99 * (share - QueuedShare) / (1 - QueuedShare)))));
    }

    private int Told(int percent) => plan.Progress switch
    {
        EmulatorProgress.Coarse => percent / 25 * 25,
        EmulatorProgress.Stuck => Math.Min(percent, 37),
        EmulatorProgress.Zero => 0,
        _ => percent,
    };
}

/// <summary>The statuses as they are spelled on the wire.</summary>
internal static class JobStatus
{
    public const string Queued = "QUEUED";
    public const string Processing = "PROCESSING";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
    public const string Cancelled = "CANCELLED";

    /// <summary>One that the API's description does not know: a list cannot be asked for it.</summary>
    public const string Moderating = "MODERATING";

    public static bool IsKnown(string status) => status is Queued or Processing or Completed or Failed or Cancelled;
}
