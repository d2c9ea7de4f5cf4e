using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Apiframe.Emulator.Service;

/// <summary>Something that a receiver is to be told.</summary>
/// <param name="Name">The kind of event.</param>
/// <param name="At">When it happens. It tells of the job as it is then, even if it is sent later.</param>
internal sealed record WebhookEvent(string Name, DateTimeOffset At);

/// <summary>What the receiver of a job's webhook is told. A job's course is fixed, so this is known from the start.</summary>
internal static class WebhookEvents
{
    private static readonly int[] Told = [25, 50, 75];

    /// <summary>In the order of time. A job that ends CANCELLED has no event for that: the API's description knows none.</summary>
    public static IEnumerable<WebhookEvent> Of(EmulatedJob job, WebhookTarget target)
    {
        var last = 0;
        foreach (var percent in target.Wants(WebhookTarget.Progress) ? Told : [])
        {
            var at = job.TimeOfProgress(percent);
            var state = job.StateAt(at);
            if (state.Status == JobStatus.Processing && state.Progress > last)
            {
                last = state.Progress;
                yield return new WebhookEvent(WebhookTarget.Progress, at);
            }
        }

        var end = job.StateAt(job.EndsAt).Status switch
        {
            JobStatus.Completed => WebhookTarget.Completed,
            JobStatus.Failed => WebhookTarget.Failed,
            _ => null,
        };
        if (end is not null && target.Wants(end))
        {
            yield return new WebhookEvent(end, job.EndsAt);
        }
    }
}

/// <summary>Where the events of a job go, and which of them.</summary>
/// <param name="url">An absolute http or https URL.</param>
/// <param name="events">Null for those of a job's end.</param>
internal sealed class WebhookTarget(string url, IReadOnlyList<string>? events)
{
    public const string Progress = "progress";
    public const string Completed = "completed";
    public const string Failed = "failed";

    /// <summary>The fields of a request that set up a webhook, as the OpenAPI description has them.</summary>
    public static IEnumerable<(string Name, Check Check)> Fields { get; } =
        [("webhookUrl", Checks.Url), ("webhookEvents", Checks.List(Checks.OneOf(Progress, Completed, Failed)))];

    public Uri Url { get; } = new(url);

    /// <summary>Whether the URL leads to this machine. The emulator sends nothing anywhere else.</summary>
    public bool IsLoopback => Url.Host == "localhost" || (IPAddress.TryParse(Url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    public bool Wants(string name) => events?.Contains(name) ?? name is Completed or Failed;
}
