using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Apiframe.Emulator.Service;

/// <summary>An event that is sent to the receiver of a webhook.</summary>
/// <param name="Name">The name of the event.</param>
/// <param name="At">The time of the event. The event contains the job as it is at this time, even if it is sent later.</param>
internal sealed record WebhookEvent(string Name, DateTimeOffset At);

/// <summary>The webhook events of a job. They are known from the start, because the states of a job are.</summary>
internal static class WebhookEvents
{
    private static readonly int[] Told = [25, 50, 75];

    /// <summary>
    /// Returns the events in the order of time. A job that ends as CANCELLED has no event for that, because the API's OpenAPI description has none.
    /// </summary>
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

/// <summary>The address that receives the events of a job, and the requested events.</summary>
/// <param name="url">An absolute HTTP or HTTPS URL.</param>
/// <param name="events">The requested events. Null means the events for the end of a job.</param>
internal sealed class WebhookTarget(string url, IReadOnlyList<string>? events)
{
    public const string Progress = "progress";
    public const string Completed = "completed";
    public const string Failed = "failed";

    /// <summary>The fields of a request that set up a webhook in the form of the OpenAPI description.</summary>
    public static IEnumerable<(string Name, Check Check)> Fields { get; } =
        [("webhookUrl", Checks.Url), ("webhookEvents", Checks.List(Checks.OneOf(Progress, Completed, Failed)))];

    public Uri Url { get; } = new(url);

    /// <summary>Whether the URL has a loopback address. The emulator sends events only to such addresses.</summary>
    public bool IsLoopback => Url.Host == "localhost" || (IPAddress.TryParse(Url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    public bool Wants(string name) => events?.Contains(name) ?? name is Completed or Failed;
}
