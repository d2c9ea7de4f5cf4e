using System;
using System.Collections.Generic;

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
