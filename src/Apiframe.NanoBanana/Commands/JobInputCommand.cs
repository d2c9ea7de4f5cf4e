using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana.Commands;

/// <summary>What the cmdlets share that take jobs: by value, or by anything with a job id.</summary>
public abstract class JobInputCommand : BananaCommand
{
    private protected const string IdSet = "Id";

    /// <summary>The default set: else a job that is piped in would bind by its JobId, and all else it carries would be lost.</summary>
    private protected const string JobSet = "Job";

    private bool _warnedOfWebhook;

    private protected JobInputCommand(string activity, int activityId)
        : base(activity, activityId)
    {
    }

    /// <summary>Jobs, as New-BananaImage, Get-BananaJob and Wait-BananaJob write them, or images of a journal, as Get-BananaJournal writes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = JobSet)]
    [JobTransformation]
    public BananaJob[] InputObject { get; set; } = [];

    /// <summary>Tells an input that was an image of a journal once, and came back from a file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true, ParameterSetName = IdSet)]
    public string? Journal { get; set; }

    /// <summary>Asks for a job, unless its account was refused something in this call.</summary>
    private protected void RunForJob(BananaJob job, Action<BananaJob> then)
    {
        ApiframeClient client = ClientFor(job);
        WaitForPlace();
        if (!AccountStop.TryKeep(client.Connection, job))
        {
            Run(job, () => AccountStop.FollowAsync(client.Connection, () => client.GetJobAsync(job, retry: true, StopToken)), then);
        }
    }

    /// <summary>Says once that nothing will be posted about a job, although a webhook was asked for.</summary>
    private protected void WarnIfWithoutWebhook(BananaJob job)
    {
        if (!_warnedOfWebhook && job.LacksWebhook())
        {
            _warnedOfWebhook = true;
            WriteWarning(
                $"The service registered no webhook for job {job.JobId}, although -WebhookUrl was specified. Other jobs of this call may have no webhook either. Nothing is "
                + "lost. Use Wait-BananaJob to wait for the jobs instead.");
        }
    }

    /// <summary>The jobs of this record. An id stands for a job of which nothing else is known yet.</summary>
    private protected IEnumerable<BananaJob> Jobs(IEnumerable<string> ids)
    {
        foreach (BananaJob job in InputObject)
        {
            yield return job;
        }

        foreach (string id in ids)
        {
            BananaJob? job = null;
            // A journal that is not on this machine must not be begun here.
            BananaJournal? journal = Journal is { Length: > 0 } path && File.Exists(path) ? new BananaJournal(path) : null;
            Try(id, () => job = BananaJob.FromId(id, ClientFor(job: null).Connection, journal));
            if (job is not null)
            {
                yield return job;
            }
        }
    }
}
