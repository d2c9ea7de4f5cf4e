using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Journal;

/// <summary>The jobs of the account that may belong to attempts without a response, as the jobs themselves report it.</summary>
/// <param name="Candidates">The jobs from the time of the attempts that the journal does not contain.</param>
/// <param name="IsComplete">Whether the list reaches back to before the first attempt, as far as this can be determined.</param>
internal sealed record AccountJobs(IReadOnlyList<BananaJob> Candidates, bool IsComplete)
{
    /// <summary>Reads the list, newest first, back to before the attempts. Requests each job that may belong to one of them.</summary>
    /// <param name="client">The client that sends the requests.</param>
    /// <param name="lost">The attempts, at least one.</param>
    /// <param name="attempts">All attempts of the journal.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException">A request failed.</exception>
    public static async Task<AccountJobs> ReadAsync(
        ApiframeClient client, IReadOnlyList<JournalEntry> lost, IReadOnlyList<JournalEntry> attempts, CancellationToken cancellationToken)
    {
        DateTimeOffset first = lost.SelectMany(attempt => attempt.Intents).Min(intent => intent.At);
        DateTimeOffset last = lost.SelectMany(attempt => attempt.Intents).Max(intent => intent.At);
        AccountHistory history = await AccountHistory.ReadAsync(client, first - JournalPlan.ClockMargin, cancellationToken).ConfigureAwait(false);
        var listed = new HashSet<string>(history.Jobs.Select(job => job.JobId), StringComparer.OrdinalIgnoreCase);

        // A list without the known jobs from that time belongs to another account, or omits old jobs.
        bool isComplete = history.IsComplete && attempts
            .Where(attempt => attempt.JobId is not null && (attempt.CreatedAt ?? attempt.IntendedAt) is { } at && at >= first && at <= last)
            .All(attempt => listed.Contains(attempt.JobId!));
        IEnumerable<BananaJob> candidates = history.Jobs.Where(job => lost.Any(attempt => JournalMatch.MayBe(attempt, job)));
        AccountJobs unknown = new AccountJobs([.. candidates], isComplete).Without(attempts);
        return unknown with { Candidates = await AccountHistory.AskAsync(client, unknown.Candidates, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>
    /// Returns the jobs except those whose request the journal contains. A job whose acceptance could not be recorded can still be one of the candidates.
    /// </summary>
    public AccountJobs Without(IEnumerable<JournalEntry> attempts)
    {
        var ids = new HashSet<string>(attempts.Where(attempt => !attempt.IsOrphan).Select(attempt => attempt.JobId).OfType<string>(), StringComparer.OrdinalIgnoreCase);
        return this with { Candidates = [.. Candidates.Where(job => !ids.Contains(job.JobId))] };
    }
}
