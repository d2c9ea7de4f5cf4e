using System;
using System.IO;
using System.Threading.Tasks;

namespace Apiframe.Client.Journal;

/// <summary>
/// Records the progress of a job in its journal. Without a journal, it does nothing. A journal that cannot be used does not prevent a paid job from being
/// waited for and saved: the error contains the job.
/// </summary>
internal sealed class JournalNotes : IDisposable
{
    private readonly JournalLease? _lease;
    private readonly ApiframeException? _problem;

    private JournalNotes(JournalLease? lease, ApiframeException? problem)
    {
        _lease = lease;
        _problem = problem;
    }

    /// <summary>Opens the journal of a job.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalInUse"/>: another process may be working on the same job.</exception>
    public static JournalNotes Of(BananaJob job)
    {
        try
        {
            return new JournalNotes(job.Journal?.Open(), problem: null);
        }
        catch (ApiframeException e) when (e.Kind != ApiframeErrorKind.JournalInUse)
        {
            return new JournalNotes(lease: null, e);
        }
    }

    /// <summary>Claims a request that is submitted again. Null without a journal.</summary>
    /// <param name="request">The request with the key of its job.</param>
    /// <exception cref="ApiframeException">As for <see cref="JournalRun.Claim"/>.</exception>
    public JournalClaim? Claim(SubmitRequest request) => _lease?.BeginRun().Claim(request);

    /// <inheritdoc cref="JournalLease.Saved"/>
    public JournalEntry? Saved(BananaJob job) => _lease?.Saved(job);

    /// <summary>Records the end of a job.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>, with the job.</exception>
    public async Task NoteEndAsync(BananaJob ended)
    {
        try
        {
            await (_problem is not null ? throw _problem : _lease?.NoteAsync(ended) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (ApiframeException e)
        {
            throw new ApiframeException(ApiframeErrorKind.JournalNotWritable, $"Job {ended.JobId} ended with status {ended.Status}, but the journal does not record it. {e.Message}", e) { Job = ended };
        }
    }

    /// <summary>Records that an image is on disk, and the end of its job if that is not recorded. Reads the file if its hash is unknown.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalNotWritable"/>, with the job and the file.</exception>
    public async Task NoteSavedAsync(BananaJob job, int index, FileInfo file, string? sha256 = null)
    {
        try
        {
            await (_problem is not null ? throw _problem : _lease?.NoteSavedAsync(job, index, file, sha256) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ApiframeException or IOException or UnauthorizedAccessException)
        {
            throw new ApiframeException(
                ApiframeErrorKind.JournalNotWritable, $"'{file.FullName}' is saved, but the journal does not record it. {e.Message}", e as ApiframeException) { Job = job, File = file };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lease?.Dispose();
}
