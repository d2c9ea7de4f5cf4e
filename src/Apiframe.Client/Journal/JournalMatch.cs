using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Journal;

/// <summary>
/// Finds the jobs of attempts that were never answered, by time and by request. Pure. Where two answers are possible it gives none, because a wrong one is paid for.
/// </summary>
internal sealed class JournalMatch
{
    /// <summary>How long after its intent a request is sent at the latest.</summary>
    public static readonly TimeSpan SentWithin = TimeSpan.FromHours(1);

    private readonly List<Reconciled> _results = [];
    private readonly List<BananaJob> _free;

    /// <summary>The attempts that are not settled yet, equal ones together, the earliest first.</summary>
    private readonly List<List<JournalEntry>> _groups;

    private JournalMatch(IReadOnlyList<JournalEntry> lost, AccountJobs jobs)
    {
        _free = [.. jobs.Candidates.OrderBy(job => job.CreatedAt)];
        _groups = [.. lost.GroupBy(attempt => attempt.Fingerprint).Select(group => group.OrderBy(attempt => attempt.IntendedAt).ToList())];
    }

    /// <summary>Whether a job as a list tells it, without its request, may have come of an attempt.</summary>
    public static bool MayBe(JournalEntry attempt, BananaJob job) => IsOfItsTime(attempt, job) && RequestLikeness.OfModels(attempt.Model, job.Model) != Likeness.Other;

    /// <summary>Whether a job that tells its request has come of an attempt like this one; null if it does not say enough.</summary>
    public static bool? IsOf(JournalEntry attempt, BananaJob job) => !MayBe(attempt, job) ? false : Of(attempt, job) switch
    {
        Likeness.Other => false,
        Likeness.Doubtful => null,
        _ => true,
    };

    /// <summary>Tells what became of each attempt.</summary>
    /// <param name="lost">The attempts.</param>
    /// <param name="others">Other attempts without an answer, whose jobs may be among the candidates too.</param>
    /// <param name="jobs">The account's jobs of that time, without those that the journal knows.</param>
    /// <param name="now">The time, UTC.</param>
    public static IReadOnlyList<Reconciled> Settle(
        IReadOnlyList<JournalEntry> lost, IReadOnlyList<JournalEntry> others, AccountJobs jobs, DateTimeOffset now)
    {
        var match = new JournalMatch(lost, jobs);
        foreach (List<JournalEntry> group in match._groups)
        {
            match.Doubt(group, match.DoubtOf(group, others, jobs, now));
        }

        match._groups.ForEach(group => match.Pair(group, match.Like(group, Likeness.Same)));
        var adopted = new HashSet<JournalEntry>(match._results.Where(result => result.Job is not null).Select(result => result.Attempt));
        JournalEntry[] rivals = [.. lost.Where(attempt => !adopted.Contains(attempt)), .. others];
        match._groups.ForEach(group => match.PairButForUploads(group, rivals));
        foreach (List<JournalEntry> group in match._groups)
        {
            match.Doubt(group.FindAll(attempt => attempt.IsKeyTaken), "the service knows its idempotency key, but no job from that time matches its request");
            match._results.AddRange(group.Where(attempt => !attempt.IsKeyTaken).Select(attempt => new Reconciled(attempt, Job: null, Doubt: null)));
        }

        return match._results;
    }

    private static bool IsOfItsTime(JournalEntry attempt, BananaJob job) => job.CreatedAt is not { } created
        || attempt.Intents.Any(intent => created >= intent.At - JournalPlan.ClockMargin && created <= intent.At + SentWithin);

    private static Likeness Of(JournalEntry attempt, BananaJob job) =>
        RequestLikeness.Of(attempt.Prompt, attempt.Options, attempt.LocalReferences, attempt.Intents.Select(intent => intent.ReferenceImage), job);

    /// <summary>Why nobody can tell anything about these attempts; null if somebody can.</summary>
    private string? DoubtOf(List<JournalEntry> group, IReadOnlyList<JournalEntry> others, AccountJobs jobs, DateTimeOffset now) =>
        !jobs.IsComplete ? "the account's list of jobs does not reach back to that time, or belongs to another account"
        : group.Exists(attempt => attempt.Intents.Any(intent => intent.At > now + JournalPlan.ClockMargin)) ? "that time is in the future, so the clock was wrong"
        : _free.Exists(job => !job.TellsRequest && group.Exists(attempt => MayBe(attempt, job))) ? "the service does not report the request of a job from that time"
        : others.Any(other => other.Fingerprint == group[0].Fingerprint) && Like(group, Likeness.Doubtful).Count > 0
            ? "a job from that time may belong to an equal image whose submission is also unclear"
        : null;

    private List<BananaJob> Like(List<JournalEntry> group, Likeness least) =>
        _free.FindAll(job => group.Exists(attempt => IsOfItsTime(attempt, job) && Of(attempt, job) >= least));

    /// <summary>Equal attempts are as good as each other, so each job goes to one of them, unless there are more jobs than attempts.</summary>
    private void Pair(List<JournalEntry> group, List<BananaJob> jobs)
    {
        if (jobs.Count > group.Count)
        {
            Doubt(group, $"{jobs.Count} jobs from that time match its request, but the journal is missing only {group.Count}");
        }

        foreach (BananaJob job in jobs)
        {
            if (group.Find(attempt => IsOfItsTime(attempt, job)) is { } attempt)
            {
                _free.Remove(job);
                group.Remove(attempt);
                _results.Add(new Reconciled(attempt, job, Doubt: null));
            }
            else
            {
                Doubt(group, "more than one job from that time matches its request");
            }
        }
    }

    /// <summary>What is left may be a job whose uploads have other addresses now; but then it must not be a rival's.</summary>
    private void PairButForUploads(List<JournalEntry> group, IReadOnlyList<JournalEntry> rivals)
    {
        List<BananaJob> jobs = Like(group, Likeness.Doubtful);
        if (jobs.Exists(job => group.Exists(attempt => Of(attempt, job) == Likeness.Doubtful)
            || rivals.Any(rival => rival.Fingerprint != group[0].Fingerprint && IsOfItsTime(rival, job) && Of(rival, job) != Likeness.Other)))
        {
            Doubt(group, "a job from that time may belong to this image or to another one");
        }
        else
        {
            Pair(group, jobs);
        }
    }

    /// <summary>Gives attempts up, if there is a doubt.</summary>
    private void Doubt(List<JournalEntry> attempts, string? doubt)
    {
        if (doubt is not null)
        {
            _results.AddRange(attempts.Select(attempt => new Reconciled(attempt, Job: null, doubt)));
            attempts.Clear();
        }
    }
}
