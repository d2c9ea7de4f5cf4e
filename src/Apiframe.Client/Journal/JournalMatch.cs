using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Journal;

/// <summary>
/// Finds the jobs of attempts without a response, by time and by request. Pure. If the result is ambiguous, no job is assigned, because a wrong job would cost
/// a paid image.
/// </summary>
internal sealed class JournalMatch
{
    /// <summary>The maximum time from an intent to the sending of its request.</summary>
    public static readonly TimeSpan SentWithin = TimeSpan.FromHours(1);

    private readonly List<Reconciled> _results = [];
    private readonly List<BananaJob> _free;

    /// <summary>The attempts that are not settled yet, grouped by equal requests, the earliest first.</summary>
    private readonly List<List<JournalEntry>> _groups;

    private JournalMatch(IReadOnlyList<JournalEntry> lost, AccountJobs jobs)
    {
        _free = [.. jobs.Candidates.OrderBy(job => job.CreatedAt)];
        _groups = [.. lost.GroupBy(attempt => attempt.Fingerprint).Select(group => group.OrderBy(attempt => attempt.IntendedAt).ToList())];
    }

    /// <summary>Whether a listed job without its request may belong to an attempt.</summary>
    public static bool MayBe(JournalEntry attempt, BananaJob job) => IsOfItsTime(attempt, job) && RequestLikeness.OfModels(attempt.Model, job.Model) != Likeness.Other;

    /// <summary>Whether a job with its request belongs to an attempt like this one. Null if it does not contain enough.</summary>
    public static bool? IsOf(JournalEntry attempt, BananaJob job) => !MayBe(attempt, job) ? false : Of(attempt, job) switch
    {
        Likeness.Other => false,
        Likeness.Doubtful => null,
        _ => true,
    };

    /// <summary>Determines the job of each attempt.</summary>
    /// <param name="lost">The attempts.</param>
    /// <param name="others">Other attempts without a response, whose jobs may also be among the candidates.</param>
    /// <param name="jobs">The jobs of the account from that time, without those in the journal.</param>
    /// <param name="now">The current time in UTC.</param>
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
            match.Doubt(group.FindAll(attempt => attempt.IsKeyTaken), "the service has already accepted a request with the idempotency key of the image, but no job from that time matches the request");
            match._results.AddRange(group.Where(attempt => !attempt.IsKeyTaken).Select(attempt => new Reconciled(attempt, Job: null, Doubt: null)));
        }

        return match._results;
    }

    private static bool IsOfItsTime(JournalEntry attempt, BananaJob job) => job.CreatedAt is not { } created
        || attempt.Intents.Any(intent => created >= intent.At - JournalPlan.ClockMargin && created <= intent.At + SentWithin);

    private static Likeness Of(JournalEntry attempt, BananaJob job) =>
        RequestLikeness.Of(attempt.Prompt, attempt.Options, attempt.LocalReferences, attempt.Intents.Select(intent => intent.ReferenceImage), job);

    /// <summary>Returns why the jobs of these attempts cannot be determined, or null.</summary>
    private string? DoubtOf(List<JournalEntry> group, IReadOnlyList<JournalEntry> others, AccountJobs jobs, DateTimeOffset now) =>
        !jobs.IsComplete ? "the list of jobs does not reach back to that time, or the API key belongs to another account"
        : group.Exists(attempt => attempt.Intents.Any(intent => intent.At > now + JournalPlan.ClockMargin)) ? "that time is in the future, so the clock was wrong"
        : _free.Exists(job => !job.TellsRequest && group.Exists(attempt => MayBe(attempt, job))) ? "the service does not report the request of a job from that time"
        : others.Any(other => other.Fingerprint == group[0].Fingerprint) && Like(group, Likeness.Doubtful).Count > 0
            ? "a job from that time may belong to an equal image, and it is also not known whether the service accepted that image"
        : null;

    private List<BananaJob> Like(List<JournalEntry> group, Likeness least) =>
        _free.FindAll(job => group.Exists(attempt => IsOfItsTime(attempt, job) && Of(attempt, job) >= least));

    /// <summary>Equal attempts are interchangeable, so each job is assigned to one of them, unless there are more jobs than attempts.</summary>
    private void Pair(List<JournalEntry> group, List<BananaJob> jobs)
    {
        if (jobs.Count > group.Count)
        {
            Doubt(group, $"{jobs.Count} jobs from that time match the request, but the journal has only {group.Count} such {(group.Count == 1 ? "image" : "images")} without a job");
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
                Doubt(group, "more than one job from that time matches the request");
            }
        }
    }

    /// <summary>A remaining job can have uploads with other addresses. It is assigned only if it cannot belong to a rival.</summary>
    private void PairButForUploads(List<JournalEntry> group, IReadOnlyList<JournalEntry> rivals)
    {
        List<BananaJob> jobs = Like(group, Likeness.Doubtful);
        if (jobs.Exists(job => group.Exists(attempt => Of(attempt, job) == Likeness.Doubtful)
            || rivals.Any(rival => rival.Fingerprint != group[0].Fingerprint && IsOfItsTime(rival, job) && Of(rival, job) != Likeness.Other)))
        {
            Doubt(group, "a job from that time may belong to this image or to another image");
        }
        else
        {
            Pair(group, jobs);
        }
    }

    /// <summary>If there is a doubt, ends the search for these attempts.</summary>
    private void Doubt(List<JournalEntry> attempts, string? doubt)
    {
        if (doubt is not null)
        {
            _results.AddRange(attempts.Select(attempt => new Reconciled(attempt, Job: null, doubt)));
            attempts.Clear();
        }
    }
}
