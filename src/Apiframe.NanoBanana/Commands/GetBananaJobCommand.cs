using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Wait;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Gets jobs from the service: by ID with their current status, or newest first.</summary>
/// <remarks>
/// Without an ID, the jobs of the account are listed, and pages are requested as they are needed. A listed job has no prompt, because the service omits it in
/// lists. Request the job by its ID to get the prompt.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "BananaJob", DefaultParameterSetName = ListSet)]
[OutputType(typeof(BananaJob))]
public sealed class GetBananaJobCommand : JobInputCommand
{
    private const string ListSet = "List";

    /// <summary>Called by PowerShell.</summary>
    public GetBananaJobCommand()
        : base("Getting jobs", activityId: 2)
    {
    }

    /// <summary>The IDs of jobs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(JobIdCompleter))]
    public string[] JobId { get; set; } = [];

    /// <summary>Lists only jobs with these statuses: QUEUED, PROCESSING, COMPLETED, FAILED, or CANCELLED.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ArgumentCompleter(typeof(JobStatusCompleter))]
    public string[] Status { get; set; } = [];

    /// <summary>Lists only jobs whose status is not final. With -Status, the jobs of both filters are listed.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public SwitchParameter Running { get; set; }

    /// <summary>Lists only jobs of this model. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Lists the jobs of the whole team. The account must be an administrator of the team.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public SwitchParameter Team { get; set; }

    /// <summary>Lists only jobs that were created after this time. Pages with older jobs are not requested.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public DateTime After { get; set; } = DateTime.MinValue;

    /// <summary>The maximum number of jobs. The default is all jobs.</summary>
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

        // The statuses are requested in the order in which jobs have them, so that a job whose status changes meanwhile is in a later list.
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

    /// <summary>The pattern if the model has wildcards, which the service does not support, or null.</summary>
    private WildcardPattern? ModelPattern =>
        WildcardPattern.ContainsWildcardCharacters(Model) ? new WildcardPattern(Model, WildcardOptions.IgnoreCase) : null;

    private void List(ApiframeClient client, JobFilter filter)
    {
        int left = First;
        JobListing listing = Listing(client, filter, () => left);

        // The next page is requested when this one is written, so no page is requested that is not needed.
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

    /// <summary>Returns the jobs of several lists, newest first. If a job is in two lists, the later one has its newer status.</summary>
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

    /// <summary>Returns the requested jobs of the next page, and whether no more pages are needed.</summary>
    private async Task<(IReadOnlyList<BananaJob> Jobs, bool IsLast)> NextAsync(JobListing listing)
    {
        IReadOnlyList<BananaJob> page = await listing.NextAsync().ConfigureAwait(false);
        // The list is sorted by time, newest first, so the first job that is too old ends it.
        var young = page.TakeWhile(job => job.CreatedAt is not { } made || made > After.ToUniversalTime()).ToList();
        WildcardPattern? pattern = ModelPattern;
        return (young.Where(job => pattern?.IsMatch(job.Model ?? string.Empty) != false).ToList(), listing.IsOver || young.Count < page.Count);
    }
}
