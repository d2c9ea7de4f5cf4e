using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.Client.Save;
using Apiframe.Client.Webhooks;
using Simulation.Machine;
using Simulation.Outside;
using Simulation.Users;

namespace Simulation;

/// <summary>Compares the promises of the documentation with the events of a history.</summary>
internal sealed class Promises(World world, Service service, Batch batch, bool hasJournal)
{
    /// <summary>All API keys that the account has had.</summary>
    private readonly HashSet<string> _apiKeys = new(StringComparer.Ordinal);

    /// <summary>The keys for which an error has said that nothing is billed, each with the time from which this is true.</summary>
    private readonly Dictionary<string, TimeSpan> _unbilled = new(StringComparer.Ordinal);

    /// <summary>The idempotency keys that each process has sent.</summary>
    private readonly Dictionary<Process, HashSet<string>> _sent = [];

    /// <inheritdoc cref="_apiKeys"/>
    public IReadOnlyCollection<string> ApiKeys => _apiKeys;

    public void AddApiKey(string key) => _apiKeys.Add(key);

    /// <summary>Checks a webhook that the client has accepted.</summary>
    public void Received(Webhook webhook, WebhookEvent read)
    {
        world.Tell($"receives the webhook '{read}'");
        ServiceJob? job = service.Jobs.FirstOrDefault(job => job.Id == read.Job.JobId);
        if (!webhook.IsGenuine || job is null)
        {
            world.Find($"a webhook that the service did not send became job {read.Job}");
        }
        else if (read.Name != webhook.Event || read.Job.Status != (read.Name == "progress" ? "PROCESSING" : job.Outcome) || read.Job.ImageUrl != (read.Name == "completed" ? job.Url : null))
        {
            world.Find($"the webhook '{webhook.Event}' of job {job.Id[..8]}, which is {job.Outcome}, was read as '{read}'");
        }
    }

    /// <summary>Checks a webhook that the client has rejected.</summary>
    public void Rejected(Webhook webhook, ApiframeException e)
    {
        world.Tell($"rejects a webhook: {e.Kind}: {e.Message}");
        RequireNoKey(e.ToString(), "an error");
        if (webhook.IsGenuine || e.Kind != ApiframeErrorKind.WebhookSignatureInvalid)
        {
            world.Find($"a webhook that is {(webhook.IsGenuine ? "genuine" : "not genuine")} was rejected with the error: {e.Message}");
        }
    }

    /// <summary>Checks that the job of a webhook is the job that the service returns.</summary>
    public void Agree(BananaJob told, BananaJob asked)
    {
        if (told.JobId != asked.JobId || told.Status != asked.Status || told.Error != asked.Error
            || (told.Status == JobStatus.Completed && (told.CompletedAt != asked.CompletedAt || told.CreditCost != asked.CreditCost || (!asked.Expired && told.ImageUrl != asked.ImageUrl))))
        {
            world.Find($"a webhook says {told.RawJson}, and the service says {asked.RawJson}");
        }
    }

    /// <summary>Checks that the client does not report a missing webhook, because each requested webhook was accepted.</summary>
    public void RequireWebhook(BananaJob job)
    {
        if (job.LacksWebhook())
        {
            world.Find($"job {job.JobId[..8]} has a webhook, and the client says that it has none");
        }
    }

    public void Sent(Process process, Call call)
    {
        if (process.IsStopped)
        {
            world.Find($"{call} was sent after the pipeline was stopped");
        }

        if (call.ApiKey is not null && call.Url.Host != "api.sim.example")
        {
            world.Find($"the key went to {call.Url.Host}");
        }

        RequireNoKey(call.TextWithoutKeyHeader(), "a request");
        if (call.IsSubmission && call.IdempotencyKey is { } key)
        {
            RequireUnbilled(key);
            _unbilled.Remove(key);
            SentBy(process).Add(key);
            if (hasJournal && (world.Disk.Find(batch.Journal) is not { } journal || journal.Flushed.IndexOf(Encoding.UTF8.GetBytes($"\"intended\"")) < 0
                || journal.Flushed.IndexOf(Encoding.UTF8.GetBytes($"\"key\":\"{key}\"")) < 0))
            {
                world.Find($"the request under {key} is on the wire, and is not in the journal on disk");
            }
        }
    }

    /// <summary>Checks a job that the service has accepted and billed.</summary>
    public void Accepted(ServiceJob job)
    {
        world.Tell($"the service accepts '{job.Prompt}' as job {job.Id[..8]}, which will be {job.Outcome}");
        int bills = Bills(job.Prompt);
        if (bills > batch.Copies(job.Prompt) && batch.Copies(job.Prompt) > 0 && !batch.MayBeBilledAgain.ContainsKey(job.Prompt))
        {
            world.Find($"'{job.Prompt}' is billed {bills} times and wanted {batch.Copies(job.Prompt)} times");
        }
    }

    /// <summary>Checks that the journal line of a job was flushed before its submission returned the job.</summary>
    public void HandedOn(BananaJob job)
    {
        if (world.Running is { IsAlive: true } && !IsNoted(job.JobId))
        {
            world.Find($"job {job.JobId[..8]} was handed on, and is not in the journal on disk");
        }
    }

    /// <summary>Checks the results of a process that has ended by itself.</summary>
    /// <param name="session">The session of the process.</param>
    /// <param name="isQuiet">Whether only faults occurred that the client waits for.</param>
    public void Ended(Session session, bool isQuiet)
    {
        foreach (Exception e in session.Errors)
        {
            Check(e, session.Process);
            if (isQuiet && !IsOfJob(e))
            {
                world.Find($"a run that met nothing but passing trouble of the network has an error: {e.Message}");
            }
        }

        foreach (string line in session.Verbose)
        {
            RequireNoKey(line, "the verbose stream");
        }

        foreach (ServiceJob job in service.Jobs.Where(job => job.Key is not null && SentBy(session.Process).Contains(job.Key) && job.CreatedAt >= session.Process.Began && job.IsBilledAt(world.Elapsed)))
        {
            bool isHeld = session.Jobs.Exists(held => held.JobId == job.Id)
                || session.Errors.OfType<ApiframeException>().Any(e => e.Request?.IdempotencyKey == job.Key)
                || (hasJournal && IsNoted(job.Id));
            if (!isHeld)
            {
                world.Find($"job {job.Id[..8]} was accepted, and neither the journal nor the user has it");
            }
        }

        if (world.Disk.Files.FirstOrDefault(file => PartialFile.IsPartial(file.Key) && (session.HasDownloaded || file.Value.Maker == session.Process)).Key is { } partial)
        {
            world.Find($"{Path.GetFileName(partial)} was left behind");
        }

        RequireWholeFiles();
    }

    /// <summary>Checks that each image file is complete and belongs to a job of the batch.</summary>
    public void RequireWholeFiles()
    {
        foreach ((string path, DiskFile file) in Pictures())
        {
            if (JobOf(file) is null)
            {
                world.Find($"{Path.GetFileName(path)} is not a whole image");
            }
        }
    }

    /// <summary>Checks all promises after the faults have ended and the user has run the batch until it was complete.</summary>
    public void AtEnd(bool isDone)
    {
        if (!isDone && batch.MayLackImages.Count == 0)
        {
            world.Find("the world is well, and the batch does not come to its end");
        }

        RequireWholeFiles();
        foreach (string key in _unbilled.Keys)
        {
            RequireUnbilled(key);
        }

        foreach ((string path, DiskFile file) in world.Disk.Files)
        {
            RequireNoKey(Encoding.UTF8.GetString(file.Content), Path.GetFileName(path));
        }

        ILookup<string, ServiceJob> saved = Pictures().Select(file => JobOf(file.Value)!).ToLookup(job => job?.Prompt ?? string.Empty);
        foreach (string prompt in batch.Requests.Select(request => request.Prompt).Distinct())
        {
            int wanted = batch.Copies(prompt);
            int files = saved[prompt].Distinct().Count();
            if (files != saved[prompt].Count() || (files < wanted && !batch.MayLackImages.ContainsKey(prompt)) || (files > wanted && !batch.MayBeBilledAgain.ContainsKey(prompt)))
            {
                world.Find($"'{prompt}' has {saved[prompt].Count()} files of {files} jobs and is wanted {wanted} times");
            }

            if (Bills(prompt) != wanted && !batch.MayBeBilledAgain.ContainsKey(prompt) && !batch.MayLackImages.ContainsKey(prompt))
            {
                world.Find($"'{prompt}' is billed {Bills(prompt)} times and wanted {wanted} times");
            }
        }
    }

    /// <summary>Checks that the receipt of the journal matches the history.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="tellsInput">Whether jobs contain their requests. If not, the receipt can count another user's job as a second bill.</param>
    public void Check(JournalReceipt receipt, bool tellsInput)
    {
        int files = Pictures().Count();
        int wanted = batch.Requests.Count;
        bool isComplete = batch.MayLackImages.Count + batch.MayBeBilledAgain.Count == 0;
        if (receipt.Files > files || receipt.Prompts != wanted || (isComplete && (receipt.Files != files || receipt.Bills != wanted || (!receipt.IsComplete && tellsInput))))
        {
            world.Find($"the receipt says {receipt}{(receipt.IsComplete ? string.Empty : ", not complete")}, and there are {files} files");
        }
    }

    private int Bills(string prompt) => service.Jobs.Count(job => job.Prompt == prompt && job.IsBilledAt(world.Elapsed));

    private IEnumerable<KeyValuePair<string, DiskFile>> Pictures() => world.Disk.Files.Where(file => file.Key.EndsWith(".png", StringComparison.Ordinal) && Path.GetDirectoryName(file.Key) == batch.Images);

    private ServiceJob? JobOf(DiskFile file)
    {
        foreach (ServiceJob job in service.Jobs)
        {
            if (file.Content.SequenceEqual(job.Image))
            {
                return job;
            }
        }

        return null;
    }

    private bool IsNoted(string jobId) =>
        world.Disk.Find(batch.Journal) is { } journal && journal.Flushed.IndexOf(Encoding.UTF8.GetBytes($"\"jobId\":\"{jobId}\"")) >= 0;

    private HashSet<string> SentBy(Process process)
    {
        if (!_sent.TryGetValue(process, out HashSet<string>? keys))
        {
            _sent.Add(process, keys = new HashSet<string>(StringComparer.Ordinal));
        }

        return keys;
    }

    /// <summary>Returns whether an error is about the end of a job or an unknown outcome, and therefore not about a temporary fault.</summary>
    private static bool IsOfJob(Exception e) => e is ApiframeException
    {
        Kind: ApiframeErrorKind.JobFailed or ApiframeErrorKind.JobCancelled or ApiframeErrorKind.ImageExpired,
    } or ApiframeException { IsKeyForgotten: true } or ApiframeException { IsResubmission: true };

    private void Check(Exception e, Process process)
    {
        RequireNoKey(e.ToString(), "an error");
        if (e is ApiframeException { Charge: Charge.NotSent or Charge.Nothing, Request.IdempotencyKey: { } key } && SentBy(process).Contains(key))
        {
            _unbilled[key] = process.Began;
            RequireUnbilled(key);
        }

        if (e is ApiframeException { Kind: ApiframeErrorKind.ImageExpired, Job: { } expired } && service.IsStored(expired.JobId))
        {
            world.Find($"an error has said that the image of job {expired.JobId[..8]} is gone, and it is there");
        }

        bool isExpected = e is IOException or OperationCanceledException
            or ApiframeException { Kind: not (ApiframeErrorKind.JournalDamaged or ApiframeErrorKind.JournalUnsupported or ApiframeErrorKind.InvalidRequest or ApiframeErrorKind.ImageAddressRefused or ApiframeErrorKind.InvalidBaseUri) };
        if (!isExpected)
        {
            world.Find($"an error that nobody expects: {e}");
        }
    }

    private void RequireUnbilled(string key)
    {
        if (_unbilled.TryGetValue(key, out TimeSpan since) && service.Jobs.Any(job => job.Key == key && job.CreatedAt >= since && job.IsBilledAt(world.Elapsed)))
        {
            world.Find($"an error has said that nothing is billed under {key}, and a job is");
        }
    }

    private void RequireNoKey(string text, string where)
    {
        foreach (string key in _apiKeys)
        {
            if (text.Contains(key, StringComparison.Ordinal))
            {
                world.Find($"the key is in {where}");
            }
        }
    }
}
