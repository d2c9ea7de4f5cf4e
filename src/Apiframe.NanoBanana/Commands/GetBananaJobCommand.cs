using System;
using System.Linq;
using System.Management.Automation;
using Apiframe.Client;
using Apiframe.Client.Wait;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Asks the service for jobs: by id, as they are now, or newest first.</summary>
/// <remarks>
/// Without an id the account's jobs are listed, a page at a time as they are needed. A listed job does not carry its
/// prompt: the service leaves it out; ask for the job by its id to see it.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaJob", DefaultParameterSetName = ListSet)]
[OutputType(typeof(BananaJob))]
public sealed class GetBananaJobCommand : JobInputCommand
{
    private const string ListSet = "List";

    /// <summary>Made by the engine.</summary>
    public GetBananaJobCommand()
        : base("Asking for jobs", activityId: 2)
    {
    }

    /// <summary>Ids of jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("Id")]
    public string[] JobId { get; set; } = [];

    /// <summary>Only jobs in this status: QUEUED, PROCESSING, COMPLETED, FAILED or CANCELLED.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ArgumentCompleter(typeof(JobStatusCompleter))]
    public string? Status { get; set; }

    /// <summary>Only jobs of this model.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>The whole team's jobs; for the team's admins.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public SwitchParameter Team { get; set; }

    /// <summary>Only jobs that were made after this time. The list is asked for no further back.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public DateTime After { get; set; } = DateTime.MinValue;

    /// <summary>Stop after this many jobs. The default is all of them.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ListSet)
        {
            var filter = new JobFilter { Status = Status, Model = Model, Team = Team };
            Try(filter, () => List(ClientFor(job: null), filter));
            return;
        }

        foreach (BananaJob job in Jobs(JobId))
        {
            ApiframeClient client = ClientFor(job);
            Run(job, () => client.GetJobAsync(job, retry: true, StopToken), WriteObject);
        }
    }

    private void List(ApiframeClient client, JobFilter filter)
    {
        int left = First;
        var listing = new JobListing(cursor => client.ListJobsAsync(filter, Math.Min(left, ApiframeClient.MaximumPageSize), cursor, StopToken));

        // Writing a page asks for the next, so nobody asks for pages that nobody reads.
        void Next() => Run(filter, listing.NextAsync, page =>
        {
            // The list is newest first, so the first job that is too old ends it.
            BananaJob[] jobs = page.TakeWhile(job => job.CreatedAt is not { } made || made > After.ToUniversalTime()).Take(left).ToArray();
            WriteObject(jobs, enumerateCollection: true);
            left -= jobs.Length;
            if (left > 0 && jobs.Length == page.Count && !listing.IsOver)
            {
                Next();
            }
        });

        Next();
    }
}
