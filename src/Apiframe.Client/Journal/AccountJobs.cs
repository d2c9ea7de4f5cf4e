using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Wait;

namespace Apiframe.Client.Journal;

/// <summary>The account's jobs that may belong to attempts that were never answered, each as the job itself tells it.</summary>
/// <param name="Candidates">Jobs of the time of the attempts that the journal does not know.</param>
/// <param name="IsComplete">Whether the list reaches back to before the first of the attempts, as far as can be told.</param>
internal sealed record AccountJobs(IReadOnlyList<BananaJob> Candidates, bool IsComplete)
{
    /// <summary>How many jobs are asked for at a time.</summary>
    private const int Concurrency = 16;

    /// <summary>Reads the list, newest first, back to before the attempts, and asks for each job that may be one of theirs.</summary>
    /// <param name="client">As whom.</param>
    /// <param name="lost">The attempts, at least one.</param>
    /// <param name="attempts">Everything that the journal has.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <exception cref="ApiframeException">A request failed.</exception>
    public static async Task<AccountJobs> ReadAsync(
        ApiframeClient client, IReadOnlyList<JournalEntry> lost, IReadOnlyList<JournalEntry> attempts, CancellationToken cancellationToken)
    {
        DateTimeOffset first = lost.SelectMany(attempt => attempt.Intents).Min(intent => intent.At);
        DateTimeOffset last = lost.SelectMany(attempt => attempt.Intents).Max(intent => intent.At);
        DateTimeOffset start = first - JournalPlan.ClockMargin;
        var listed = new Dictionary<string, BananaJob>(StringComparer.OrdinalIgnoreCase);
        JobPage? page = null;
        var listing = new JobListing(async cursor =>
            page = await client.ListJobsAsync(new JobFilter(), ApiframeClient.MaximumPageSize, cursor, cancellationToken).ConfigureAwait(false));
        bool isBack = false;
        while (!isBack && !listing.IsOver)
        {
            foreach (BananaJob job in await listing.NextAsync().ConfigureAwait(false))
            {
                listed[job.JobId] = job;
                isBack |= job.CreatedAt < start;
            }
        }

        // A list without jobs that the journal knows from that time is another account's, or leaves out what is old.
        bool isComplete = (isBack || page?.IsLast == true) && attempts
            .Where(attempt => attempt.JobId is not null && (attempt.CreatedAt ?? attempt.IntendedAt) is { } at && at >= first && at <= last)
            .All(attempt => listed.ContainsKey(attempt.JobId!));
        IEnumerable<BananaJob> candidates = listed.Values.Where(job => lost.Any(attempt => JournalMatch.MayBe(attempt, job)));
        string[] known = [.. attempts.Select(attempt => attempt.JobId).OfType<string>()];
        BananaJob[] unknown = [.. new AccountJobs([.. candidates], isComplete).Without(known).Candidates];
        var told = new List<BananaJob>();
        for (int i = 0; i < unknown.Length; i += Concurrency)
        {
            told.AddRange(await Task.WhenAll(unknown.Skip(i).Take(Concurrency).Select(job => ToldAsync(client, job, cancellationToken))).ConfigureAwait(false));
        }

        return new AccountJobs(told, isComplete);
    }

    /// <summary>The same without jobs that the journal knows.</summary>
    public AccountJobs Without(IEnumerable<string> known)
    {
        var ids = new HashSet<string>(known, StringComparer.OrdinalIgnoreCase);
        return this with { Candidates = [.. Candidates.Where(job => !ids.Contains(job.JobId))] };
    }

    /// <summary>The job with its request; as it was listed, without it, if the service lists the job and does not know it.</summary>
    private static async Task<BananaJob> ToldAsync(ApiframeClient client, BananaJob listed, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetJobAsync(listed, retry: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.NotFound)
        {
            return listed;
        }
    }
}
