using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>The right to write to a journal. While a process has a lease, no other process gets one.</summary>
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

    /// <summary>The reason why the journal can no longer be written, for example a full disk, or null. After a failure, nothing must be submitted.</summary>
    public ApiframeException? Failure => _open.Failure;

    /// <summary>Begins a run, which is one pass over the prompts of a batch. Equal requests of one run are different images.</summary>
    /// <param name="resubmitUnknown">
    /// Whether an image is submitted again if it is unknown whether it was billed, because the service does not report the outcome, or if a job ended without
    /// an image and without a refund. The image may then be billed twice.
    /// </param>
    /// <param name="throttleLimit">The maximum number of concurrent submissions. Submissions that wait for their journal lines do not count.</param>
    public JournalRun BeginRun(bool resubmitUnknown = false, int throttleLimit = 8) => new(Journal, _open, resubmitUnknown, throttleLimit);

    /// <summary>Completes when every line is on disk, and releases the lease. Releasing the last lease closes the file.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>: a line is not on disk. The lease is released anyway.</exception>
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

    /// <summary>Releases the lease without waiting. Pending lines are written before the file is closed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _release(_open);
        }
    }

    /// <summary>Records the end of a job. If the job has not ended or its end is recorded, no line is added.</summary>
    /// <param name="job">The job, as a job object reports it. The response to a submission contains only a status, which is not sufficient.</param>
    internal Task NoteAsync(BananaJob job) => _open.NoteEndAsync(job);

    /// <summary>Records that an image is on disk, and the end of its job if that is not recorded. Reads the file if its hash is unknown.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal async Task NoteSavedAsync(BananaJob job, int index, FileInfo file, string? sha256 = null)
    {
        await _open.NoteEndAsync(job).ConfigureAwait(false);
        (long length, string hash) = sha256 is null ? Read(file) : (file.Length, sha256);
        await _open.AddAsync(new JournalEvent.Saved(
            _open.Now, job.JobId, index, JournalPath.Relative(Journal.Folder, file.FullName), length, hash)).ConfigureAwait(false);
    }

    /// <summary>Returns the image of a job if the journal contains a file for each image of the job. Otherwise, null. The files can have changed since.</summary>
    internal JournalEntry? Saved(BananaJob job) => _open.Look(state => state.ByJob(job.JobId)) is { State: JournalEntryState.Saved } saved ? saved : null;

    private static (long Length, string Sha256) Read(FileInfo file)
    {
        using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return (content.Length, Sha256.Of(content));
    }
}
