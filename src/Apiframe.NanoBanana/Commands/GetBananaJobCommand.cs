using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
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
        : base("Getting jobs", activityId: 2)
    {
    }

    /// <summary>Ids of jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    public string[] JobId { get; set; } = [];

    /// <summary>Only jobs in one of these statuses: QUEUED, PROCESSING, COMPLETED, FAILED, or CANCELLED.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ArgumentCompleter(typeof(JobStatusCompleter))]
    public string[] Status { get; set; } = [];

    /// <summary>Only jobs that have not ended, which are those in a status that is not final. With -Status, the jobs of both are listed.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public SwitchParameter Running { get; set; }

    /// <summary>Only jobs of this model. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [SupportsWildcards]
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
            List();
            return;
        }

        foreach (BananaJob job in Jobs(JobId))
        {
            RunForJob(job, WriteJob);
        }
    }

    private void List()
    {
        var statuses = new List<string>();
        foreach (string status in Status ?? [])
        {
            Try(status, () => statuses.Add(Checked(status)));
        }

        if (statuses.Count < Status?.Length)
        {
            return;
        }

        // In the order of a job's life, so that a job whose status changes meanwhile is found in the next list.
        string?[] asked = [.. JobStatus.Known.Where(known => statuses.Contains(known) || (Running && !JobStatus.IsFinal(known)))];
        JobFilter[] filters = [.. (asked.Length == 0 ? [null] : asked).Select(status => new JobFilter { Status = status, Model = ModelPattern is null ? Model : null, Team = Team })];
        Try(filters[0], () =>
        {
            ApiframeClient client = ClientFor(job: null);
            if (filters.Length == 1)
            {
                List(client, filters[0]);
            }
            else
            {
                Run(filters, () => ListAsync(client, filters), WriteJobs);
            }
        });
    }

    private static string Checked(string status) => JobStatus.Known.FirstOrDefault(known => known == JobStatus.Normalize(status))
        ?? throw ApiframeException.NotSent($"'{ShownText.Excerpt(status)}' is not a valid job status. Use one of these values: {string.Join(", ", JobStatus.Known)}.");

    /// <summary>The model, if it has wildcards, which the service does not know.</summary>
    private WildcardPattern? ModelPattern =>
        WildcardPattern.ContainsWildcardCharacters(Model) ? new WildcardPattern(Model, WildcardOptions.IgnoreCase) : null;

    private void List(ApiframeClient client, JobFilter filter)
    {
        int left = First;
        JobListing listing = Listing(client, filter, () => left);

        // Writing a page asks for the next, so nobody asks for pages that nobody reads.
        void Next() => Run(filter, () => NextAsync(listing), page =>
        {
            BananaJob[] jobs = page.Jobs.Take(left).ToArray();
            WriteJobs(jobs);
            left -= jobs.Length;
            if (left > 0 && !page.IsLast)
            {
                Next();
            }
        });

        Next();
    }

    /// <summary>The jobs of several lists, newest first. A job that is in two of them has moved on meanwhile, and the later list knows more.</summary>
    private async Task<IReadOnlyList<BananaJob>> ListAsync(ApiframeClient client, IReadOnlyList<JobFilter> filters)
    {
        var jobs = new Dictionary<string, BananaJob>(StringComparer.OrdinalIgnoreCase);
        foreach (JobFilter filter in filters)
        {
            int left = First;
            JobListing listing = Listing(client, filter, () => left);
            bool isLast = false;
            while (left > 0 && !isLast)
            {
                (IReadOnlyList<BananaJob> page, isLast) = await NextAsync(listing).ConfigureAwait(false);
                left -= page.Count;
                foreach (BananaJob job in page)
                {
                    jobs[job.JobId] = job;
                }
            }
        }

        return jobs.Values.OrderByDescending(job => job.CreatedAt).Take(First).ToList();
    }

    private void WriteJobs(IReadOnlyList<BananaJob> jobs)
    {
        foreach (BananaJob job in jobs)
        {
            WriteJob(job);
        }
    }

    private JobListing Listing(ApiframeClient client, JobFilter filter, Func<int> left) => new(cursor => client.ListJobsAsync(
        filter, ModelPattern is null ? Math.Min(left(), ApiframeClient.MaximumPageSize) : ApiframeClient.MaximumPageSize, cursor, StopToken));

    /// <summary>What is wanted of the next page, and whether no page after it is.</summary>
    private async Task<(IReadOnlyList<BananaJob> Jobs, bool IsLast)> NextAsync(JobListing listing)
    {
        IReadOnlyList<BananaJob> page = await listing.NextAsync().ConfigureAwait(false);
        // The list is newest first, so the first job that is too old ends it.
        var young = page.TakeWhile(job => job.CreatedAt is not { } made || made > After.ToUniversalTime()).ToList();
        WildcardPattern? pattern = ModelPattern;
        return (young.Where(job => pattern?.IsMatch(job.Model ?? string.Empty) != false).ToList(), listing.IsOver || young.Count < page.Count);
    }
}
