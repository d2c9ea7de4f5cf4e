using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client.Journal;

/// <summary>The state of a journal, which is computed from its lines. It does not depend on open files. The same lines always give the same state.</summary>
public sealed class JournalState
{
    /// <summary>The options of all images without options.</summary>
    internal static readonly ImageOptions NoOptions = new();

    /// <summary>The approximate number of bytes of an image in a journal.</summary>
    private const int BytesPerImage = 1000;

    private const int MaximumExpectedImages = 1_000_000;

    private readonly List<JournalEntry> _attempts;
    private readonly Dictionary<Utf8Text, int> _byKey;
    private readonly Dictionary<Utf8Text, int> _byJob;
    private readonly Dictionary<JournalPlace, (int First, int Last)> _byImage;
    private readonly Dictionary<Utf8Text, JournalEvent.Uploaded> _uploads = [];
    private readonly Dictionary<ImageOptions, ImageOptions> _options = [];
    private ImageOptions? _lastOptions;

    /// <param name="journal">The journal.</param>
    /// <param name="length">The length of its file in bytes, or 0. It determines the initial capacity of the collections of images.</param>
    internal JournalState(BananaJournal journal, long length = 0)
    {
        int images = (int)Math.Min(length / BytesPerImage, MaximumExpectedImages);
        Journal = journal;
        _attempts = new(images);
        _byKey = new(images);
        _byJob = new(images, Utf8Text.IgnoreCase);
        _byImage = new(images);
    }

    /// <summary>The time in UTC when the journal was created, or null if it is empty.</summary>
    public DateTimeOffset? CreatedAt { get; private set; }

    /// <summary>The images in the order of their first intents, each with its last attempt. Each call creates a copy.</summary>
    public IReadOnlyList<JournalEntry> Entries => [.. Last()];

    /// <summary>The ID that the keys of this journal are derived from. Null if the journal is empty.</summary>
    internal string? Id { get; private set; }

    internal BananaJournal Journal { get; }

    /// <summary>Whether lines are being read that no caller has seen yet. There can be many, so they are applied without copies.</summary>
    internal bool IsBeingRead { get; set; }

    /// <summary>All recorded attempts, including earlier ones, and therefore all jobs.</summary>
    internal IReadOnlyList<JournalEntry> Attempts => _attempts;

    /// <summary>Applies the next line.</summary>
    internal void Apply(JournalEvent entry)
    {
        switch (entry)
        {
            case JournalEvent.Begun begun:
                (Id, CreatedAt) = (begun.Id, begun.At);
                break;
            case JournalEvent.Uploaded uploaded:
                _uploads[uploaded.Sha256] = uploaded;
                break;
            case JournalEvent.Intended intended:
                Apply(intended);
                break;
            case JournalEvent.Accepted accepted:
                Apply(accepted);
                break;
            case JournalEvent.Refused refused:
                Apply(refused);
                break;
            case JournalEvent.Ended ended:
                Apply(ended);
                break;
            case JournalEvent.Saved saved:
                Apply(saved);
                break;
        }
    }

    /// <summary>Returns the attempt with a key, or null.</summary>
    internal JournalEntry? ByKey(string key) => _byKey.TryGetValue(key, out int at) ? _attempts[at] : null;

    /// <summary>Returns the attempt that led to a job, or null.</summary>
    internal JournalEntry? ByJob(string jobId) => _byJob.TryGetValue(jobId, out int at) ? _attempts[at] : null;

    /// <summary>Returns the last attempt at an image with its own line, or null.</summary>
    internal JournalEntry? ByImage(JournalPlace image) => _byImage.TryGetValue(image, out (int First, int Last) at) ? _attempts[at.Last] : null;

    /// <summary>Returns the last upload of a file with this content, or null.</summary>
    internal JournalEvent.Uploaded? Upload(string sha256) => _uploads.TryGetValue(sha256, out JournalEvent.Uploaded? upload) ? upload : null;

    private IEnumerable<JournalEntry> Last()
    {
        for (int i = 0; i < _attempts.Count; i++)
        {
            JournalEntry attempt = _attempts[i];
            (int first, int last) = attempt.Place is { } image ? _byImage[image] : (i, i);
            if (first == i)
            {
                yield return _attempts[last];
            }
        }
    }

    private void Apply(JournalEvent.Intended intended)
    {
        int at = OfKey(intended.Key);
        JournalEntry attempt = Changing(at);
        var image = new JournalPlace(intended.Fingerprint, intended.Ordinal);
        if (attempt.Place is null)
        {
            (attempt.Place, attempt.Attempt) = (image, intended.Attempt);
        }
        else if (attempt.Place != image)
        {
            // A run never writes such a line, because a key belongs to one image.
            return;
        }

        if (attempt.Job.IsNull)
        {
            (attempt.State, attempt.Error) = (JournalEntryState.Intended, null);
        }

        attempt.Prompt = intended.Request.PromptOrNull;
        attempt.Options = Shared(Given(intended));
        attempt.LocalReferences = intended.Locals.Count == 0 ? attempt.LocalReferences : [.. intended.Locals.Select(local => local.Index)];
        attempt.Intents = With(attempt.Intents, new Intent(intended.At, intended.Request.ReferenceImage));
        if (!_byImage.TryGetValue(image, out (int First, int Last) known))
        {
            _byImage.Add(image, (at, at));
        }
        else if (_attempts[known.Last].Attempt <= attempt.Attempt)
        {
            _byImage[image] = (known.First, at);
        }
    }

    /// <summary>Returns the options with the paths of local files instead of the addresses of their uploads.</summary>
    private static ImageOptions Given(JournalEvent.Intended intended)
    {
        if (intended.Locals.Count == 0)
        {
            return intended.Request.ToOptions();
        }

        string[] given = [.. intended.Request.ReferenceImage];
        foreach (JournalEvent.Local local in intended.Locals)
        {
            given[local.Index] = local.Path;
        }

        return intended.Request.ToOptions() with { ReferenceImage = given };
    }

    private void Apply(JournalEvent.Accepted accepted)
    {
        int at = OfKey(accepted.Key);
        JournalEntry attempt = _attempts[at];
        if (!attempt.Job.IsNull && !Utf8Text.IgnoreCase.Equals(attempt.Job, accepted.JobId))
        {
            // The service created a second job under the key. Both are billed, so both are kept.
            int before = at;
            at = Add(attempt with
            {
                Files = [], ImageCount = 0, CreditCost = null, CreatedAt = null, CompletedAt = null, Error = null, HasEnded = false, Job = default,
            });
            _byKey[accepted.Key] = at;
            if (attempt.Place is { } image && _byImage[image] is var (first, last) && last == before)
            {
                _byImage[image] = (first, at);
            }
        }

        if (_attempts[at].Job.IsNull)
        {
            JournalEntry changing = Changing(at);
            (changing.State, changing.Error) = (JournalEntryState.Accepted, null);
            (changing.Job, changing.Status) = (accepted.JobId, accepted.Status);
            (changing.AcceptedAt, changing.IsAdopted) = (accepted.At, accepted.IsAdopted);
            TakeOver(accepted.JobId, changing);
            _byJob[accepted.JobId] = _byKey[accepted.Key];
        }
    }

    /// <summary>Moves what earlier lines say about a job without a request to the attempt with its request.</summary>
    private void TakeOver(Utf8Text jobId, JournalEntry attempt)
    {
        if (!_byJob.TryGetValue(jobId, out int at) || !_attempts[at].IsOrphan)
        {
            return;
        }

        JournalEntry orphan = _attempts[at];
        (attempt.HasEnded, attempt.Status, attempt.Error, attempt.ImageCount) = (orphan.HasEnded, orphan.Status, orphan.Error, orphan.ImageCount);
        (attempt.CreditCost, attempt.CreatedAt, attempt.CompletedAt, attempt.Files) = (orphan.CreditCost, orphan.CreatedAt, orphan.CompletedAt, orphan.Files);
        attempt.State = StateOf(attempt);
        _attempts.RemoveAt(at);
        Shift(_byKey, at);
        Shift(_byJob, at);
        foreach (JournalPlace image in _byImage.Keys.ToList())
        {
            (int first, int last) = _byImage[image];
            _byImage[image] = (first > at ? first - 1 : first, last > at ? last - 1 : last);
        }
    }

    private static void Shift(Dictionary<Utf8Text, int> places, int removed)
    {
        foreach (Utf8Text name in places.Keys.ToList())
        {
            places[name] -= places[name] > removed ? 1 : 0;
        }
    }

    private void Apply(JournalEvent.Refused refused)
    {
        JournalEntry attempt = Changing(OfKey(refused.Key));
        if (attempt.Job.IsNull)
        {
            (attempt.State, attempt.Error) = (JournalEntryState.Refused, refused.Kind);
        }
    }

    private void Apply(JournalEvent.Ended ended)
    {
        JournalEntry attempt = Changing(OfJob(ended.JobId));
        (attempt.HasEnded, attempt.Status, attempt.Error, attempt.ImageCount) = (true, ended.Status, ended.Error, ended.ImageCount);
        attempt.CreditCost = ended.CreditCost ?? attempt.CreditCost;
        attempt.CreatedAt = ended.CreatedAt ?? attempt.CreatedAt;
        attempt.CompletedAt = ended.CompletedAt ?? attempt.CompletedAt;
        attempt.State = StateOf(attempt);
    }

    private void Apply(JournalEvent.Saved saved)
    {
        JournalEntry attempt = Changing(OfJob(saved.JobId));
        var file = new JournalFile(saved, Journal.Folder);
        attempt.Files = With(attempt.Files.Count == 0 ? [] : [.. attempt.Files.Where(one => one.File != file.File || one.Index != file.Index)], file);
        attempt.Status = JobStatus.Completed;
        attempt.State = StateOf(attempt);
    }

    /// <summary>Returns the state of an image whose job has ended, or of which a file was saved.</summary>
    internal static JournalEntryState StateOf(JournalEntry attempt) => attempt.Status switch
    {
        JobStatus.Failed => JournalEntryState.Failed,
        JobStatus.Cancelled => JournalEntryState.Cancelled,
        _ => attempt.HasAllFiles() ? JournalEntryState.Saved : JournalEntryState.Completed,
    };

    /// <summary>
    /// Returns an attempt for a change. Callers keep the unchanged object. While a journal is read, there are no callers, so no copy is made.
    /// </summary>
    private JournalEntry Changing(int at) => IsBeingRead ? _attempts[at] : _attempts[at] = _attempts[at] with { };

    /// <summary>Returns the attempt with a key. It is created if its line was lost, because later lines can refer to it.</summary>
    private int OfKey(Utf8Text key)
    {
        if (!_byKey.TryGetValue(key, out int at))
        {
            at = Add(new JournalEntry { Owner = Journal, Key = key });
            _byKey.Add(key, at);
        }

        return at;
    }

    private int OfJob(Utf8Text jobId)
    {
        if (!_byJob.TryGetValue(jobId, out int at))
        {
            at = Add(new JournalEntry { Owner = Journal, Job = jobId, State = JournalEntryState.Accepted });
            _byJob.Add(jobId, at);
        }

        return at;
    }

    private int Add(JournalEntry attempt)
    {
        _attempts.Add(attempt);
        return _attempts.Count - 1;
    }

    /// <summary>Returns an array with another item. Arrays are small, because there are many of them, and most have one item.</summary>
    private static T[] With<T>(IReadOnlyCollection<T> items, T item) => items.Count == 0 ? [item] : [.. items, item];

    /// <summary>Returns shared options. Options without references are equal by value, and most images of a batch have the same options.</summary>
    private ImageOptions Shared(ImageOptions options)
    {
        if (options.ReferenceImage.Count > 0)
        {
            return options;
        }

        if (options != _lastOptions && !_options.TryGetValue(options, out _lastOptions))
        {
            _options.Add(options, options);
            _lastOptions = options;
        }

        return _lastOptions;
    }
}
