using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Webhooks;
using Simulation.Machine;
using Simulation.Outside;

namespace Simulation.Users;

/// <summary>Receives the webhooks of a process, and passes on the jobs of those that the client accepts.</summary>
/// <param name="world">The world of the history.</param>
/// <param name="apiKeys">The API keys that the user has had.</param>
/// <param name="promises">The checks of each webhook.</param>
internal sealed class Inbox(World world, IReadOnlyCollection<string> apiKeys, Promises promises)
{
    private readonly Dictionary<string, System.Threading.Tasks.TaskCompletionSource<BananaJob>> _ended = new(StringComparer.Ordinal);
    private readonly TimeSpan _patience = world.Dice.Time(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));

    /// <summary>Reads a webhook. The first webhook about the end of a job ends the wait for it.</summary>
    /// <returns>The ended job if an earlier webhook has told its end. Otherwise, null.</returns>
    public BananaJob? ReceiveRepeated(Webhook webhook, ApiframeConnection connection)
    {
        WebhookEvent read;
        try
        {
            WebhookSignature.Verify(webhook.Body, webhook.Signature, apiKeys);
            read = WebhookEvent.Read(webhook.Body, connection, webhook.Event);
        }
        catch (ApiframeException e)
        {
            promises.Rejected(webhook, e);
            return null;
        }

        promises.Received(webhook, read);
        bool isRepeated = false;
        if (read.Job.IsFinal)
        {
            World.Outside(() => isRepeated = !Ended(read.Job.JobId).TrySetResult(read.Job));
        }

        return isRepeated ? read.Job : null;
    }

    /// <summary>Waits until a webhook tells the end of a job. Returns null if none does within the patience of the user.</summary>
    public async Task<BananaJob?> WaitAsync(Session session, BananaJob job)
    {
        Task<BananaJob> ended = Ended(job.JobId).Task;
        Task first = await Task.WhenAny(ended, session.Process.Clock.Delay(_patience, session.Stop));
        if (first != ended)
        {
            await first;
        }

        return ended.IsCompleted ? ended.Result : null;
    }

    private System.Threading.Tasks.TaskCompletionSource<BananaJob> Ended(string jobId)
    {
        if (!_ended.TryGetValue(jobId, out System.Threading.Tasks.TaskCompletionSource<BananaJob>? ended))
        {
            _ended.Add(jobId, ended = new System.Threading.Tasks.TaskCompletionSource<BananaJob>());
        }

        return ended;
    }
}
