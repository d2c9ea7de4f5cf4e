using System;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>The state of a job at one time.</summary>
/// <param name="Status">The status, as the API spells it.</param>
/// <param name="Progress">The progress in percent, 0 to 100.</param>
/// <param name="HasResult">Whether the job contains the address of its image.</param>
/// <param name="HasFile">Whether the image exists, or existed until it expired.</param>
/// <param name="IsExpired">Whether the service has deleted the image.</param>
internal readonly record struct JobState(string Status, int Progress, bool HasResult = false, bool HasFile = false, bool IsExpired = false)
{
    public bool IsFinal => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;
}

/// <summary>
/// One job. Its state is a function of the time, so no work runs in the background and no change can be missed. Only the status of its webhook depends on the
/// receiver.
/// </summary>
internal sealed class EmulatedJob(Guid id, EmulatedJob? previous, JobRequest request, DateTimeOffset createdAt, JobPlan plan, Draft draft)
{
    private const double QueuedShare = 0.1;

    private volatile string? _webhookStatus = request.Webhook is null ? null : "pending";

    public Guid Id => id;

    /// <summary>The job that was accepted before this one, or null for the first job.</summary>
    public EmulatedJob? Previous => previous;

    public JobRequest Request => request;

    public DateTimeOffset CreatedAt => createdAt;

    public DateTimeOffset EndsAt => createdAt + plan.Duration + plan.Fault.Overtime;

    public bool WillBeRefunded => End != JobStatus.Completed;

    /// <summary>The error that the job fails with, or null.</summary>
    public string? Error => plan.Error;

    public Scene Scene => draft.Scene(plan.PictureSeed);

    /// <summary>The credits that are charged at submission.</summary>
    public int Cost => draft.Cost;

    /// <summary>The format of the image: jpg, png, or webp.</summary>
    public string FileExtension => draft.Extension;

    public string FileName => $"{id:D}-1.{FileExtension}";

    /// <summary>The result of the last webhook event after it was delivered or given up. Null for a job without a webhook.</summary>
    public string? WebhookStatus => _webhookStatus;

    private string End => Error is null ? plan.Fault.End : JobStatus.Failed;

    public JobState StateAt(DateTimeOffset now) => now >= EndsAt ? Ended(now - EndsAt) : Running(now - createdAt);

    /// <summary>The cost that the job reports.</summary>
    public int CostToldAt(JobState state)
    {
        var isUntold = state.IsFinal ? WillBeRefunded : plan.Fault.CostsNothingUntilEnd;
        return isUntold ? 0 : Cost;
    }

    /// <summary>The first millisecond at which the job reaches a progress, if it has no fault.</summary>
    /// <param name="percent">The progress, 1 to 99.</param>
    public DateTimeOffset TimeOfProgress(int percent)
    {
        var share = QueuedShare + ((1 - QueuedShare) * (percent - 1) / 99);
        return createdAt + TimeSpan.FromMilliseconds(Math.Floor(plan.Duration.TotalMilliseconds * share) + 1);
    }

    /// <summary>Whether a fault hides the job at this time.</summary>
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
        // In overtime, the progress stays at its highest value for a running job.
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

/// <summary>The statuses, as the API spells them.</summary>
internal static class JobStatus
{
    public const string Queued = "QUEUED";
    public const string Processing = "PROCESSING";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
    public const string Cancelled = "CANCELLED";

    /// <summary>A status that the API's OpenAPI description does not contain. A list cannot be filtered by it.</summary>
    public const string Moderating = "MODERATING";

    public static bool IsKnown(string status) => status is Queued or Processing or Completed or Failed or Cancelled;
}
