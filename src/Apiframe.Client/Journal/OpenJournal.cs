using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>A journal that this process writes to: its state and its writer. All users of the journal in the process share it.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class OpenJournal
{
    private readonly object _opening = new();
    private readonly object _lock = new();
    private readonly BananaJournal _journal;
    private readonly Func<string, IJournalDisk> _disk;
    private readonly Action<OpenJournal> _idle;
    private readonly Dictionary<JournalPlace, TaskCompletionSource<bool>> _turns = [];
    private readonly HashSet<JournalPlace> _submitting = [];
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

    /// <summary>The number of users. The registry changes it under its lock.</summary>
    public int Leases { get; set; }

    /// <summary>The reason why the journal can no longer be written, or null.</summary>
    public ApiframeException? Failure => _writer?.Failure;

    /// <summary>The time for a new line.</summary>
    public DateTimeOffset Now => JournalLine.Rounded(Clock.UtcNow);

    /// <summary>Reads and repairs the journal once. Afterwards, a line can be appended to the file.</summary>
    /// <exception cref="ApiframeException">As for <see cref="BananaJournal.Open"/>.</exception>
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

    /// <summary>Reads the state. <paramref name="look"/> runs under the lock of the state, so it must be short.</summary>
    public T Look<T>(Func<JournalState, T> look)
    {
        lock (_lock)
        {
            return look(_state);
        }
    }

    /// <summary>
    /// Adds a line. The task completes when the line is on disk. The state contains the line at once, except for the line of an accepted job, which it contains
    /// after the task completes, because callers return jobs that they find in the state.
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
            // A new exception is created, because several callers share the original one, and each can set properties.
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

    /// <summary>Records the end of a job if it comes from a job object and is new.</summary>
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

    /// <summary>Completes when all lines that were added before are on disk. Fails if one is not.</summary>
    public Task DrainAsync() => _writer!.DrainAsync();

    /// <summary>Closes the file if no lines are pending.</summary>
    public bool TryClose() => _writer?.TryClose() ?? true;

    /// <summary>Waits until no other claim in this process decides about the image or submits it. Must be followed by <see cref="EndTurn"/>.</summary>
    public async Task TakeTurnAsync(JournalPlace image, CancellationToken cancellationToken)
    {
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

            var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = cancellationToken.Register(() => cancelled.TrySetResult(true));
            await Task.WhenAny(other, cancelled.Task).ConfigureAwait(false);
        }
    }

    /// <summary>Sets whether the claim that has the turn is submitting the image, so that a job may be created at any time.</summary>
    public void SetSubmitting(JournalPlace image, bool isSubmitting)
    {
        lock (_turns)
        {
            _ = isSubmitting ? _submitting.Add(image) : _submitting.Remove(image);
        }
    }

    /// <summary>Whether a claim in this process is submitting the image.</summary>
    public bool IsSubmitting(JournalPlace image)
    {
        lock (_turns)
        {
            return _submitting.Contains(image);
        }
    }

    /// <summary>Ends the turn, so that the next claim gets it.</summary>
    public void EndTurn(JournalPlace image)
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

    /// <summary>Records the acceptance of a job if it could not be recorded when the job was accepted.</summary>
    private Task NoteAcceptanceAsync(BananaJob job) =>
        job.IdempotencyKey is { } key && Look(state => state.ByJob(job.JobId) is not { IsOrphan: false } && state.ByKey(key) is { JobId: null })
            ? AddAsync(new JournalEvent.Accepted(Now, key, job.JobId, job.Status, IsAdopted: false))
            : Task.CompletedTask;

    private void Open()
    {
        IJournalDisk disk = _disk(Path);
        try
        {
            var state = new JournalState(_journal, disk.Length);
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

    /// <summary>Removes an incomplete last line, adds a missing last line feed, and writes the first line of an empty journal.</summary>
    private void Mend(IJournalDisk disk, JournalState state)
    {
        // A new journal is not read, so the code for reading is not compiled.
        (long length, bool lacksLineFeed) = disk.Length == 0 ? (0, false) : JournalReader.Read(disk.Content, state);
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

        // The lines of a killed process count from now on, so they must also survive a power failure.
        disk.Flush();
    }
}
