using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Wait;

namespace Apiframe.Client.Journal;

/// <summary>The jobs of journals as the service reports them, and the other jobs of the account from the same time.</summary>
/// <param name="Told">The jobs of the journals, by ID.</param>
/// <param name="Missing">The IDs of jobs that the account does not have.</param>
/// <param name="Unknown">The jobs of the account that no journal contains, with their requests if the service reports them.</param>
/// <param name="IsListComplete">Whether the list of jobs reaches back to before the first request, as far as this can be determined.</param>
internal sealed record AccountCheck(
    IReadOnlyDictionary<string, BananaJob> Told, IReadOnlyCollection<string> Missing, IReadOnlyList<BananaJob> Unknown, bool IsListComplete)
{
    /// <summary>Reads the list, newest first, back to before the first request. Requests each job whose entry in the list is not sufficient.</summary>
    /// <param name="client">The client that sends the requests.</param>
    /// <param name="attempts">All attempts of the journals.</param>
    /// <param name="concurrency">The maximum number of concurrent requests for jobs.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException">A request failed.</exception>
    public static async Task<AccountCheck> ReadAsync(
        ApiframeClient client, IReadOnlyList<JournalEntry> attempts, int concurrency, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, BananaJob>(StringComparer.OrdinalIgnoreCase);
        foreach (JournalEntry attempt in attempts.Where(attempt => attempt.JobId is not null))
        {
            known[attempt.JobId!] = attempt.ToJob(client.Connection)!;
        }

        List<(DateTimeOffset Start, DateTimeOffset End)> times = Times(attempts);
        var told = new Dictionary<string, BananaJob>(StringComparer.OrdinalIgnoreCase);
        var unknown = new List<BananaJob>();
        JobPage? page = null;
        var listing = new JobListing(async cursor => page = await client.ListJobsAsync(
            new JobFilter(), ApiframeClient.MaximumPageSize, cursor, id => Known(known, id), retry: true, cancellationToken).ConfigureAwait(false));
        bool isBack = times.Count == 0;
        while (!isBack && !listing.IsOver)
        {
            foreach (BananaJob job in await listing.NextAsync().ConfigureAwait(false))
            {
                isBack |= job.CreatedAt < times[0].Start;
                if (known.ContainsKey(job.JobId))
                {
                    told[job.JobId] = job;
                }
                else if (job.CreatedAt is not { } at || times.Exists(time => at >= time.Start && at <= time.End))
                {
                    unknown.Add(job);
                }
            }
        }

        BananaJob[] unlisted = [.. known.Values.Where(job => !told.ContainsKey(job.JobId))];
        BananaJob?[] asked = await AskAsync(client, unlisted, concurrency, cancellationToken).ConfigureAwait(false);
        foreach (BananaJob job in asked.OfType<BananaJob>())
        {
            told[job.JobId] = job;
        }

        BananaJob?[] others = await AskAsync(client, unknown, concurrency, cancellationToken).ConfigureAwait(false);
        return new AccountCheck(
            told,
            [.. unlisted.Where((_, i) => asked[i] is null).Select(job => job.JobId)],
            [.. unknown.Select((job, i) => others[i] ?? job)],
            (isBack || page?.IsLast == true) && Array.TrueForAll(asked, job => job is null || times.Count == 0 || job.CreatedAt < times[0].Start));
    }

    private static BananaJob? Known(Dictionary<string, BananaJob> known, string id) => known.TryGetValue(id, out BananaJob? job) ? job : null;

    /// <summary>Returns the periods in which the jobs of the attempts can have been created, earliest first, without overlaps.</summary>
    private static List<(DateTimeOffset Start, DateTimeOffset End)> Times(IReadOnlyList<JournalEntry> attempts)
    {
        var times = new List<(DateTimeOffset Start, DateTimeOffset End)>();
        foreach (DateTimeOffset at in attempts.SelectMany(Moments).OrderBy(at => at))
        {
            (DateTimeOffset start, DateTimeOffset end) = (at - JournalPlan.ClockMargin, at + JournalMatch.SentWithin);
            if (times.Count > 0 && times[times.Count - 1].End >= start)
            {
                times[times.Count - 1] = (times[times.Count - 1].Start, end);
            }
            else
            {
                times.Add((start, end));
            }
        }

        return times;
    }

    private static IEnumerable<DateTimeOffset> Moments(JournalEntry attempt) => attempt.Intents.Count > 0
        ? attempt.Intents.Select(intent => intent.At)
        : new[] { attempt.CreatedAt ?? attempt.AcceptedAt }.OfType<DateTimeOffset>();

    /// <summary>Requests each job. The result is null for a job that the account does not have.</summary>
    private static async Task<BananaJob?[]> AskAsync(ApiframeClient client, IReadOnlyList<BananaJob> jobs, int concurrency, CancellationToken cancellationToken)
    {
        var told = new List<BananaJob?>();
        for (int i = 0; i < jobs.Count; i += concurrency)
        {
            told.AddRange(await Task.WhenAll(jobs.Skip(i).Take(concurrency).Select(job => AskAsync(client, job, cancellationToken))).ConfigureAwait(false));
        }

        return [.. told];
    }

    private static async Task<BananaJob?> AskAsync(ApiframeClient client, BananaJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetJobAsync(job, retry: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.NotFound)
        {
            return null;
        }
    }
}
