using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Journal;

/// <summary>One pass over the prompts of a batch. It recognizes each image by its request and its number among equal requests.</summary>
/// <remarks>Safe to use from several threads.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
public sealed class JournalRun
{
    private const string KeyPrefix = "journal-";

    /// <summary>The maximum number of equal requests that a key is searched among.</summary>
    private const int MaximumOrdinalLookedFor = 1000;

    private readonly RequestFingerprint _fingerprints = new();
    private readonly HashSet<JournalPlace> _claimed = [];
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _doubts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reconciling = new(1);
    private readonly bool _resubmitUnknown;

    internal JournalRun(BananaJournal journal, OpenJournal open, bool resubmitUnknown, int throttleLimit)
    {
        Journal = journal;
        _resubmitUnknown = resubmitUnknown;
        Open = open;
        Wire = new SemaphoreSlim(throttleLimit);
    }

    internal BananaJournal Journal { get; }

    internal OpenJournal Open { get; }

    /// <summary>The places of running submissions. Submissions that wait for their journal lines have none, so that the disk does not delay requests.</summary>
    internal SemaphoreSlim Wire { get; }

    /// <summary>
    /// Recognizes an image. Must be called in the order of the batch: each call with an equal request gets the next number, because an image that is requested
    /// twice is created twice.
    /// </summary>
    /// <param name="request">
    /// The request. A key that is in the journal identifies its image. Any other key is used for the first attempt of the image.
    /// </param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.InvalidRequest"/>, as for <see cref="SubmitRequest.Checked"/>. <see cref="ApiframeErrorKind.Conflict"/> if the journal
    /// contains the key of the request for another image.
    /// </exception>
    public JournalClaim Claim(SubmitRequest request)
    {
        SubmitRequest image = request.Checked() with { IdempotencyKey = OptionCheck.NullIfBlank(request.IdempotencyKey) };
        string fingerprint = _fingerprints.Of(image);
        lock (_claimed)
        {
            JournalPlace? known = image.IdempotencyKey is { } given ? PlaceOf(given, image, fingerprint) : null;
            JournalPlace place = known ?? Free(fingerprint, isNew: image.IdempotencyKey is not null);
            _claimed.Add(place);
            return new JournalClaim(this, image, place, known is null ? image.IdempotencyKey : null);
        }
    }

    /// <summary>
    /// Returns the last attempt at an image, its number, which comes from the key even if its line was lost, and the key of the next attempt. That key is always
    /// the same, so a lost line does not lead to another key.
    /// </summary>
    internal (JournalEntry? Last, int Attempt, string NextKey) Last(JournalPlace image, string? firstKey) => Open.Look(state =>
    {
        JournalEntry? last = state.ByImage(image);
        int attempt = last?.Attempt ?? 0;
        string nextKey;
        while (state.ByKey(nextKey = Key(state, image, attempt + 1, firstKey)) is { } next)
        {
            attempt++;
            // The user can have specified the key for another image.
            last = next.Fingerprint is null || next.Place == image ? next : last;
        }

        return (last, attempt, nextKey);
    });

    internal JournalDecision Decide(JournalEntry? last, Func<JournalEntry, bool> isWhole) =>
        JournalPlan.Decide(last, Open.Clock.UtcNow, Journal.KeyLifetime, _resubmitUnknown, isWhole);

    internal bool IsKeyAlive(JournalEntry attempt) => JournalPlan.IsKeyAlive(attempt, Open.Clock.UtcNow, Journal.KeyLifetime);

    /// <summary>Returns the SHA-256 hash of a local file from the first time that the run has read it.</summary>
    internal string HashOf(string path) => _fingerprints.OfFile(path).Substring(LocalReference.FingerprintMark.Length);

    /// <summary>
    /// Searches the jobs of attempts without a response, and records the results: the job, or that there is none. Returns when <paramref name="attempt"/> is
    /// settled.
    /// </summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.SubmissionUnknown"/>: the outcome cannot be determined. Or the error of a
    /// request.</exception>
    internal async Task ReconcileAsync(JournalEntry attempt, ApiframeClient client, CancellationToken cancellationToken)
    {
        string key = attempt.IdempotencyKey!;
        await _reconciling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_doubts.ContainsKey(key) && Open.Look(state => state.ByKey(key))!.IsUnknown)
            {
                await ReconcileAllAsync(key, client, cancellationToken).ConfigureAwait(false);
            }

            if (!_doubts.TryGetValue(key, out string? doubt))
            {
                return;
            }

            if (!_resubmitUnknown)
            {
                throw new ApiframeException(
                    ApiframeErrorKind.SubmissionUnknown,
                    $"It is not known whether the service accepted the image{(attempt.IntendedAt is { } at ? $" that was submitted at {at:u}" : string.Empty)}. The reason: {doubt}. "
                    + "The image was not submitted again.") { IsKeyForgotten = true };
            }

            await Open.AddAsync(new JournalEvent.Refused(Open.Now, key, nameof(ApiframeErrorKind.SubmissionUnknown))).ConfigureAwait(false);
        }
        finally
        {
            _reconciling.Release();
        }
    }

    private static string Key(JournalState state, JournalPlace image, int attempt, string? firstKey) => attempt == 1 && firstKey is not null
        ? firstKey
        : RequestFingerprint.Key(KeyPrefix, state.Id!, image.Fingerprint.ToString(), Text(image.Ordinal), Text(attempt));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the request is for the recorded image. The webhook is not compared, because a journal does not record all of it.</summary>
    private static bool IsSame(JournalEntry known, SubmitRequest image) =>
        (image.Edit is not null || known.Prompt == image.Prompt)
        && known.Options with { ReferenceImage = [] } == image.ToOptions() with { ReferenceImage = [] }
        && known.Options.ReferenceImage.SequenceEqual(image.ReferenceImage.Select(one => WebUrl.Parse(one) is null ? Path.GetFullPath(one) : one), StringComparer.Ordinal);

    /// <summary>Returns the image of a key, or null if the key does not belong to this journal.</summary>
    private JournalPlace? PlaceOf(string key, SubmitRequest image, string fingerprint)
    {
        if (Open.Look(state => state.ByKey(key)) is { Fingerprint: { } owner } known)
        {
            return owner == fingerprint || IsSame(known, image)
                ? known.Place
                : throw ApiframeException.NotSent($"The journal already uses IdempotencyKey '{key}' for another image.", ApiframeErrorKind.Conflict);
        }

        // The request of an error has a key even if it was never submitted.
        return !key.StartsWith(KeyPrefix, StringComparison.Ordinal) ? null : Enumerable.Range(1, MaximumOrdinalLookedFor)
            .Select(ordinal => new JournalPlace(fingerprint, ordinal))
            .FirstOrDefault(place => Last(place, firstKey: null).NextKey == key);
    }

    /// <summary>Returns the next number among equal requests. For a specified key, returns a number that the journal does not contain.</summary>
    private JournalPlace Free(string fingerprint, bool isNew)
    {
        var place = new JournalPlace(fingerprint, isNew || !_next.TryGetValue(fingerprint, out int next) ? 1 : next);
        while (_claimed.Contains(place) || (isNew && Last(place, firstKey: null).Last is not null))
        {
            place = place with { Ordinal = place.Ordinal + 1 };
        }

        if (!isNew)
        {
            _next[fingerprint] = place.Ordinal + 1;
        }

        return place;
    }

    private async Task ReconcileAllAsync(string key, ApiframeClient client, CancellationToken cancellationToken)
    {
        JournalEntry[] attempts = Open.Look(state => state.Attempts.ToArray());
        JournalEntry[] unknown = [.. attempts.Where(one => one is { IsUnknown: true, Fingerprint: not null })];
        JournalEntry[] lost = [.. unknown.Where(one => one.IdempotencyKey == key || IsLost(one))];
        if (!Array.Exists(lost, one => one.IdempotencyKey == key))
        {
            _doubts[key] = "the journal is missing the line that records what was submitted";
            return;
        }

        AccountJobs jobs = await AccountJobs.ReadAsync(client, lost, attempts, cancellationToken).ConfigureAwait(false);
        JournalEntry[] known = Open.Look(state => state.Attempts.ToArray());
        foreach (Reconciled result in JournalMatch.Settle(lost, [.. unknown.Except(lost)], jobs.Without(known), Open.Clock.UtcNow))
        {
            await NoteAsync(result).ConfigureAwait(false);
        }
    }

    /// <summary>Whether only the jobs of the account can show the outcome of an attempt, because neither its key nor a running submission can.</summary>
    private bool IsLost(JournalEntry attempt) =>
        Decide(attempt, _ => true) == JournalDecision.Reconcile && !Open.IsSubmitting(attempt.Place!);

    private async Task NoteAsync(Reconciled result)
    {
        string key = result.Attempt.IdempotencyKey!;
        if (result.Job is { } job)
        {
            await Open.AddAsync(new JournalEvent.Accepted(Open.Now, key, job.JobId, job.Status, IsAdopted: true)).ConfigureAwait(false);
            await Open.NoteEndAsync(job).ConfigureAwait(false);
        }
        else if (result.Doubt is { } doubt)
        {
            _doubts[key] = doubt;
        }
        else
        {
            await Open.AddAsync(new JournalEvent.Refused(Open.Now, key, nameof(ApiframeErrorKind.NotFound))).ConfigureAwait(false);
        }
    }
}
