using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana.Commands;

/// <summary>The base class of the cmdlets that accept jobs: by value, or as any object with a job ID.</summary>
public abstract class JobInputCommand : BananaCommand
{
    private protected const string IdSet = "Id";

    /// <summary>The default parameter set. Otherwise, a piped job would bind by its JobId, and its other properties would be lost.</summary>
    private protected const string JobSet = "Job";

    private readonly Dictionary<string, JournalLease?> _journals = new(StringComparer.Ordinal);
    private bool _warnedOfWebhook;

    private protected JobInputCommand(string activity, int activityId)
        : base(activity, activityId)
    {
    }

    /// <summary>Jobs from New-BananaImage, Get-BananaJob, or Wait-BananaJob, or images of a journal from Get-BananaJournal.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = JobSet)]
    [JobTransformation]
    public BananaJob[] InputObject { get; set; } = [];

    /// <summary>The path of a journal. Identifies an input that was an image of a journal and was read from a file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true, ParameterSetName = IdSet)]
    public string? Journal { get; set; }

    /// <summary>Requests a job, unless a rejection has stopped the requests for its account in this call.</summary>
    private protected void RunForJob(BananaJob job, Action<BananaJob> then)
    {
        ApiframeClient client = ClientFor(job);
        WaitForPlace();
        if (!AccountStop.TryKeep(client.Connection, job))
        {
            Run(job, () => AccountStop.FollowAsync(client.Connection, () => client.GetJobAsync(job, retry: true, StopToken)), then);
        }
    }

    /// <summary>Warns once that no webhook will be sent for a job, although one was requested.</summary>
    private protected void WarnIfWithoutWebhook(BananaJob job)
    {
        if (!_warnedOfWebhook && job.LacksWebhook())
        {
            _warnedOfWebhook = true;
            WriteWarning(
                $"The service registered no webhook for job {job.JobId}, although -WebhookUrl was specified. Other jobs of this command may not have a webhook "
                + "either. Their images are not lost. Use Wait-BananaJob to wait for the jobs, because the service will not post their events.");
        }
    }

    /// <summary>Returns the jobs of this record. For an ID, a job is created that has no other properties yet.</summary>
    private protected IEnumerable<BananaJob> Jobs(IEnumerable<string> ids)
    {
        foreach (BananaJob job in InputObject)
        {
            KeepOpen(job.GetJournal());
            yield return job;
        }

        foreach (string id in ids)
        {
            BananaJob? job = null;
            // If the journal does not exist on this computer, it must not be created here.
            BananaJournal? journal = Journal is { Length: > 0 } path && File.Exists(path) ? new BananaJournal(path) : null;
            Try(id, () => job = BananaJob.FromId(id, ClientFor(job: null).Connection, journal));
            if (job is not null)
            {
                KeepOpen(journal);
                yield return job;
            }
        }
    }

    /// <summary>Closes the journals.</summary>
    private protected override void Ended()
    {
        foreach (JournalLease? journal in _journals.Values)
        {
            journal?.Dispose();
        }

        _journals.Clear();
    }

    /// <summary>Keeps a journal open until the command ends. Otherwise, it would be read again for each job.</summary>
    private void KeepOpen(BananaJournal? journal)
    {
        if (journal is not null && !_journals.ContainsKey(journal.Path))
        {
            _journals.Add(journal.Path, Opened(journal));
        }
    }

    /// <summary>Returns null if the journal cannot be used. Each job that needs the journal reports the error.</summary>
    private static JournalLease? Opened(BananaJournal journal)
    {
        try
        {
            return journal.Open();
        }
        catch (ApiframeException)
        {
            return null;
        }
    }
}
