using System;
using System.IO;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>Appends lines to a journal. All lines that wait share one flush, and nobody who waits holds a thread.</summary>
/// <remarks>Safe to use from several threads. The first failure is the last write: whatever comes later fails at once with the same error.</remarks>
internal sealed class JournalWriter
{
    private readonly object _lock = new();
    private readonly IJournalDisk _disk;
    private readonly string _path;
    private Batch _next = new();
    private Task _last = Task.CompletedTask;
    private long _length;
    private bool _isBusy;

    /// <param name="disk">The journal, read and mended.</param>
    /// <param name="path">Its path, for messages.</param>
    public JournalWriter(IJournalDisk disk, string path)
    {
        _disk = disk;
        _path = path;
        _length = disk.Length;
    }

    /// <summary>Called on any thread each time that nothing is left to write.</summary>
    public Action? Idle { get; init; }

    /// <summary>Why nothing can be written any more; null as long as it can.</summary>
    public ApiframeException? Failure { get; private set; }

    /// <summary>Adds a line with its line feed. Lines get to the disk in the order of the calls.</summary>
    /// <returns>Completes when the line is on the disk; fails with <see cref="ApiframeErrorKind.JournalNotWritable"/>.</returns>
    public Task AppendAsync(byte[] line)
    {
        lock (_lock)
        {
            if (Failure is not null)
            {
                return Task.FromException(Failure);
            }

            _next.Lines.Write(line, 0, line.Length);
            _last = _next.Written.Task;
            if (!_isBusy)
            {
                _isBusy = true;
                // Flushing holds a thread, so it gets one that nobody waits on.
                _ = Task.Run(WriteBatches);
            }

            return _last;
        }
    }

    /// <summary>Completes when every line that was added before is on the disk; fails if one is not.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            return _last;
        }
    }

    /// <summary>Closes the journal if nothing is left to write.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_isBusy)
            {
                return false;
            }

            _disk.Dispose();
            return true;
        }
    }

    private void WriteBatches()
    {
        bool isBusy = true;
        while (isBusy)
        {
            Batch batch;
            lock (_lock)
            {
                batch = _next;
                _next = new Batch();
            }

            ApiframeException? failure = Write(batch.Lines);
            Batch? rest = null;
            lock (_lock)
            {
                if (failure is not null)
                {
                    Failure = failure;
                    rest = _next;
                    _last = batch.Written.Task;
                }

                // Before anybody learns that the lines are written: who then closes the journal must find it idle.
                isBusy = _isBusy = failure is null && _next.Lines.Length > 0;
            }

            Complete(batch, failure);
            if (rest is not null)
            {
                Complete(rest, failure);
            }
        }

        Idle?.Invoke();
    }

    private ApiframeException? Write(MemoryStream lines)
    {
        try
        {
            if (_disk.Length != _length)
            {
                // As behind a symbolic link, where the lock is another one. What is there is not this writer's, so nothing is cut off.
                return Unwritable("Another program has changed the file.");
            }

            _disk.Append(lines.GetBuffer(), (int)lines.Length);
            _disk.Flush();
            _length += lines.Length;
            return null;
        }
        catch (Exception e)
        {
            // Whatever it is, somebody waits for an answer.
            CutBack();
            return Unwritable(e.Message);
        }
    }

    /// <summary>Nobody was told that the lines are on the disk, so they go, as far as the disk still does anything.</summary>
    private void CutBack()
    {
        try
        {
            _disk.Truncate(_length);
        }
        catch (Exception)
        {
            // Then a line may stay that was cut off, which every reader copes with.
        }
    }

    private ApiframeException Unwritable(string why) =>
        new(ApiframeErrorKind.JournalNotWritable, $"The journal '{_path}' can no longer be written: {why}");

    private static void Complete(Batch batch, ApiframeException? failure)
    {
        if (failure is null)
        {
            batch.Written.SetResult(true);
            return;
        }

        batch.Written.SetException(failure);
        // Not everybody looks at every line; the failure itself is kept.
        _ = batch.Written.Task.Exception;
    }

    private sealed class Batch
    {
        public MemoryStream Lines { get; } = new();

        /// <summary>What waits goes on elsewhere than on the thread that writes.</summary>
        public TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
