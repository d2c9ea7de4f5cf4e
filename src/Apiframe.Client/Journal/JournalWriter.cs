using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>Appends lines to a journal. All waiting lines share one flush, and no waiting caller blocks a thread.</summary>
/// <remarks>Safe to use from several threads. After the first failure, nothing is written, and every later call fails with the same error.</remarks>
internal sealed class JournalWriter
{
    private readonly object _lock = new();
    private readonly IJournalDisk _disk;
    private readonly string _path;
    private Batch _next = new();
    private Task _last = Task.CompletedTask;
    private long _length;
    private bool _isBusy;

    /// <param name="disk">The journal, after it was read and repaired.</param>
    /// <param name="path">The path of the journal, for messages.</param>
    public JournalWriter(IJournalDisk disk, string path)
    {
        _disk = disk;
        _path = path;
        _length = disk.Length;
    }

    /// <summary>Called on any thread whenever no lines are pending.</summary>
    public Action? Idle { get; init; }

    /// <summary>The reason why the journal can no longer be written, or null.</summary>
    public ApiframeException? Failure { get; private set; }

    /// <summary>Appends a line with its line feed. Lines are written in the order of the calls.</summary>
    /// <returns>Completes when the line is on disk. Fails with <see cref="ApiframeErrorKind.JournalNotWritable"/>.</returns>
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
                WriteLater();
            }

            return _last;
        }
    }

    /// <summary>Completes when all lines that were added before are on disk. Fails if one is not.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            return _last;
        }
    }

    /// <summary>Closes the journal if no lines are pending.</summary>
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

    /// <summary>
    /// Writes on a thread of the pool, because flushing blocks a thread. The work is queued after the work that is ready now, which may add lines. A flush is slow,
    /// and on a busy computer, many lines then share one flush.
    /// </summary>
    private void WriteLater() => ThreadPool.QueueUserWorkItem(_ => WriteBatch());

    private void WriteBatch()
    {
        Batch batch;
        lock (_lock)
        {
            batch = _next;
            _next = new Batch();
        }

        ApiframeException? failure = Write(batch.Lines);
        Batch? rest = null;
        bool isBusy;
        lock (_lock)
        {
            if (failure is not null)
            {
                Failure = failure;
                rest = _next;
                _last = batch.Written.Task;
            }

            // This comes before the callers continue, because a caller that closes the journal must find it idle.
            isBusy = _isBusy = failure is null && _next.Lines.Length > 0;
        }

        Complete(batch, failure);
        if (rest is not null)
        {
            Complete(rest, failure);
        }

        if (isBusy)
        {
            WriteLater();
        }
        else
        {
            Idle?.Invoke();
        }
    }

    private ApiframeException? Write(MemoryStream lines)
    {
        try
        {
            if (_disk.Length != _length)
            {
                // This can happen with a symbolic link, which has another lock file. The new content belongs to another writer, so it is not removed.
                return Unwritable("Another process has changed the file.");
            }

            _disk.Append(lines.GetBuffer(), (int)lines.Length);
            _disk.Flush();
            _length += lines.Length;
            return null;
        }
        catch (Exception e)
        {
            // Any exception must end the waits of the callers.
            CutBack();
            return Unwritable(e.Message);
        }
    }

    /// <summary>Removes the written lines as far as possible, because no caller was told that they are on disk.</summary>
    private void CutBack()
    {
        try
        {
            _disk.Truncate(_length);
        }
        catch (Exception)
        {
            // A part of a line can then remain, which every reader ignores.
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
        // The exception is read here so that it does not count as unobserved. Failure keeps it.
        _ = batch.Written.Task.Exception;
    }

    private sealed class Batch
    {
        public MemoryStream Lines { get; } = new();

        /// <summary>Callers continue on other threads than the writing thread.</summary>
        public TaskCompletionSource<bool> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
