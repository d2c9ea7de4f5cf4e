using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>The right to write to a journal, for as long as a piece of work runs. While a process has a lease, no other process gets one.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class JournalLease : IDisposable
{
    private readonly OpenJournal _open;
    private readonly Action<OpenJournal> _release;
    private int _released;

    internal JournalLease(BananaJournal journal, OpenJournal open, Action<OpenJournal> release)
    {
        Journal = journal;
        _open = open;
        _release = release;
    }

    /// <summary>The journal.</summary>
    public BananaJournal Journal { get; }

    /// <summary>Why nothing can be written any more, for example because the disk is full; null as long as it can. Then nothing must be submitted either.</summary>
    public ApiframeException? Failure => _open.Failure;

    /// <summary>Begins a run: one pass over the prompts of a batch. Equal requests of one run are different images.</summary>
    /// <param name="resubmitUnknown">
    /// Whether to submit an image once more when it is not known whether it was paid: the service does not say the result of it, or a job ended without an
    /// image and its credits were not given back. It may then be paid twice.
    /// </param>
    /// <param name="throttleLimit">How many submissions may be on the wire at once. What waits for a line to get to the disk does not count.</param>
    public JournalRun BeginRun(bool resubmitUnknown = false, int throttleLimit = 8) => new(Journal, _open, resubmitUnknown, throttleLimit);

    /// <summary>Completes when every line is on the disk, and gives the lease back. The last one to be given back closes the file.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>: a line is not on the disk. The lease is given back anyway.</exception>
    public async Task ReleaseAsync()
    {
        try
        {
            await _open.DrainAsync().ConfigureAwait(false);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Gives the lease back without waiting. What is still to be written is written before the file is closed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _release(_open);
        }
    }

    /// <summary>Records how a job has ended. A job that has not ended, or of which that is known, adds no line.</summary>
    /// <param name="job">The job as the service told it: the response to a submission names a status only, which is not enough.</param>
    internal Task NoteAsync(BananaJob job) => _open.NoteEndAsync(job);

    /// <summary>Records that an image is on disk, and how its job has ended if that is not recorded. Reads the file for its hash.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal async Task NoteSavedAsync(BananaJob job, int index, FileInfo file)
    {
        await _open.NoteEndAsync(job).ConfigureAwait(false);
        using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = content.Length;
        await _open.AddAsync(new JournalEvent.Saved(
            _open.Now, job.JobId, index, JournalPath.Relative(Journal.Folder, file.FullName), length, Sha256.Of(content))).ConfigureAwait(false);
    }

    /// <summary>The files of a job, one for each image, if the journal has them and they are there and whole; else null. Reads them.</summary>
    internal IReadOnlyList<FileInfo>? FindSaved(BananaJob job) =>
        _open.Look(state => state.ByJob(job.JobId)) is { State: JournalEntryState.Saved } known ? JournalPlan.WholeFiles(known) : null;
}
