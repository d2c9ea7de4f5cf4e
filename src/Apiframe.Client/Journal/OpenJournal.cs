using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>A journal that this process writes to: what it says, and the way to add to it. Shared by all who use the journal.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class OpenJournal
{
    private readonly object _opening = new();
    private readonly object _lock = new();
    private readonly BananaJournal _journal;
    private readonly Func<string, IJournalDisk> _disk;
    private readonly Action<OpenJournal> _idle;
    private readonly Dictionary<(string Fingerprint, int Ordinal), TaskCompletionSource<bool>> _turns = [];
    private readonly HashSet<(string Fingerprint, int Ordinal)> _submitting = [];
    private JournalState _state;
    private JournalWriter? _writer;

    public OpenJournal(BananaJournal journal, Clock clock, Func<string, IJournalDisk> disk, Action<OpenJournal> idle, JournalState? state = null)
    {
        _journal = journal;
        _state = state ?? new JournalState(journal);
        Clock = clock;
        _disk = disk;
        _idle = idle;
    }

    public string Path => _journal.Path;

    public Clock Clock { get; }

    /// <summary>How many use it. Belongs to the registry, under its lock.</summary>
    public int Leases { get; set; }

    /// <summary>Why nothing can be written any more; null as long as it can.</summary>
    public ApiframeException? Failure => _writer?.Failure;

    /// <summary>The time for a line that is written now.</summary>
    public DateTimeOffset Now => JournalLine.Rounded(Clock.UtcNow);

    /// <summary>Reads and mends the journal, unless that was done. Returns when the file is as a next line needs it.</summary>
    /// <exception cref="ApiframeException">As of <see cref="BananaJournal.Open"/>.</exception>
    public void EnsureOpen()
    {
        lock (_opening)
        {
            if (_writer is null)
            {
                Open();
            }
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Looks at what the journal says. Nothing changes while <paramref name="look"/> runs, so it must be short.</summary>
    public T Look<T>(Func<JournalState, T> look)
    {
        lock (_lock)
        {
            return look(_state);
        }
    }

    /// <summary>
    /// Adds a line, which is on the disk when the task completes. It counts at once for whoever looks. The line of a job counts then: who sees the job hands it on.
    /// </summary>
    /// <returns>Fails with <see cref="ApiframeErrorKind.JournalNotWritable"/>.</returns>
    public async Task AddAsync(JournalEvent entry)
    {
        byte[] line = JournalLine.Write(entry);
        bool countsAtOnce = entry is not JournalEvent.Accepted;
        Task written;
        lock (_lock)
        {
            written = _writer!.AppendAsync(line);
            if (countsAtOnce)
            {
                _state.Apply(entry);
            }
        }

        try
        {
            await written.ConfigureAwait(false);
        }
        catch (ApiframeException e)
        {
            // The one exception is everybody's; who catches this may write on it.
            throw new ApiframeException(e.Kind, e.Message, e);
        }

        if (!countsAtOnce)
        {
            lock (_lock)
            {
                _state.Apply(entry);
            }
        }
    }

    /// <summary>Records how a job has ended, if it is told and new.</summary>
    public async Task NoteEndAsync(BananaJob job)
    {
        await NoteAcceptanceAsync(job).ConfigureAwait(false);
        JournalEntry? known = Look(state => state.ByJob(job.JobId));
        bool isKnown = known is { HasEnded: true } && known.Status == job.Status && known.CreditCost == (job.CreditCost ?? known.CreditCost);
        if (job.IsTold && job.IsFinal && !isKnown)
        {
            await AddAsync(new JournalEvent.Ended(Now, job.JobId, job.Status)
            {
                CreditCost = job.CreditCost,
                CreatedAt = job.CreatedAt is { } created ? JournalLine.Rounded(created) : null,
                CompletedAt = job.CompletedAt is { } completed ? JournalLine.Rounded(completed) : null,
                Error = job.Error,
                ImageCount = job.ImageUrls.Count,
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when every line that was added before is on the disk; fails if one is not.</summary>
    public Task DrainAsync() => _writer!.DrainAsync();

    /// <summary>Closes the file if nothing is left to write.</summary>
    public bool TryClose() => _writer?.TryClose() ?? true;

    /// <summary>Waits until nobody else in this process decides about an image or submits it. <see cref="EndTurn"/> must follow.</summary>
    public async Task TakeTurnAsync((string Fingerprint, int Ordinal) image, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(() => cancelled.TrySetResult(true));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task other;
            lock (_turns)
            {
                if (!_turns.TryGetValue(image, out TaskCompletionSource<bool>? turn))
                {
                    _turns.Add(image, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
                    return;
                }

                other = turn.Task;
            }

            await Task.WhenAny(other, cancelled.Task).ConfigureAwait(false);
        }
    }

    /// <summary>Says whether the one whose turn it is submits the image, so that a job may come of it at any time.</summary>
    public void SetSubmitting((string Fingerprint, int Ordinal) image, bool isSubmitting)
    {
        lock (_turns)
        {
            _ = isSubmitting ? _submitting.Add(image) : _submitting.Remove(image);
        }
    }

    /// <summary>Whether somebody in this process submits the image.</summary>
    public bool IsSubmitting((string Fingerprint, int Ordinal) image)
    {
        lock (_turns)
        {
            return _submitting.Contains(image);
        }
    }

    /// <summary>Lets the next one at the image.</summary>
    public void EndTurn((string Fingerprint, int Ordinal) image)
    {
        TaskCompletionSource<bool> turn;
        lock (_turns)
        {
            turn = _turns[image];
            _turns.Remove(image);
            _submitting.Remove(image);
        }

        turn.SetResult(true);
    }

    /// <summary>Records which request a job came of, if that could not be recorded when it was accepted.</summary>
    private Task NoteAcceptanceAsync(BananaJob job) =>
        job.IdempotencyKey is { } key && Look(state => state.ByJob(job.JobId) is not { IsOrphan: false } && state.ByKey(key) is { JobId: null })
            ? AddAsync(new JournalEvent.Accepted(Now, key, job.JobId, job.Status, IsAdopted: false))
            : Task.CompletedTask;

    private void Open()
    {
        IJournalDisk disk = _disk(Path);
        try
        {
            var state = new JournalState(_journal);
            Mend(disk, state);
            _state = state;
            _writer = new JournalWriter(disk, Path) { Idle = () => _idle(this) };
        }
        catch (Exception e)
        {
            disk.Dispose();
            throw e is ApiframeException
                ? e
                : ApiframeException.NotSent($"The journal '{Path}' cannot be written: {e.Message}", ApiframeErrorKind.JournalNotWritable);
        }
    }

    /// <summary>Cuts off a last line that was not written to its end, ends one that lacks its line feed only, and begins a journal that is empty.</summary>
    private void Mend(IJournalDisk disk, JournalState state)
    {
        (long length, bool lacksLineFeed) = JournalReader.Read(disk.Content, state);
        if (disk.Length > length)
        {
            disk.Truncate(length);
        }

        byte[] missing = [.. lacksLineFeed ? "\n"u8 : default];
        if (state.Id is null)
        {
            var begun = new JournalEvent.Begun(Now, Guid.NewGuid().ToString());
            state.Apply(begun);
            missing = JournalLine.Write(begun);
        }

        if (missing.Length > 0)
        {
            disk.Append(missing, missing.Length);
        }

        // What a process that was killed had written counts from here on, so it must outlive the machine too.
        disk.Flush();
    }
}
