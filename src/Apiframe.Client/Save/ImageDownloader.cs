using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;

namespace Apiframe.Client.Save;

/// <summary>Saves images to disk. A file appears only after it is complete. The HTTP client has no key, because image hosts are not the service.</summary>
/// <remarks>
/// Use one object for the images of one call, because they share what is known about their hosts. All downloads of a process wait together if a host requests
/// it (<c>Retry-After</c>).
/// </remarks>
public sealed class ImageDownloader
{
    /// <summary>The maximum number of times that an image is downloaded again because its partial file was deleted.</summary>
    private const int MaximumLosses = 3;

    private readonly ApiframeConnection _connection;
    private readonly ImageTransfer _transfer;
    private readonly Action<ApiframeRequestLog>? _log;
    private readonly ConcurrentDictionary<string, bool> _tidied = new();
    private readonly ConcurrentDictionary<string, TimeSpan> _failingHosts = new();

    /// <summary>Creates a downloader.</summary>
    /// <param name="connection">The connection, with its download client and its <see cref="ApiframeConnection.DownloadTimeout"/>.</param>
    /// <param name="log">Called after each attempt, on any thread.</param>
    public ImageDownloader(ApiframeConnection connection, Action<ApiframeRequestLog>? log = null)
    {
        _connection = connection;
        _transfer = new ImageTransfer(connection);
        _log = log;
    }

    /// <summary>
    /// Downloads an image of a job. If the image is not at its address, it may not have arrived there yet: the download is retried, and the job is requested
    /// again, because the address of its image may have changed. If the job has a journal, the file is recorded there.
    /// </summary>
    /// <param name="job">A completed job.</param>
    /// <param name="index">The index of the image in <see cref="BananaJob.ImageUrls"/>.</param>
    /// <param name="target">The target of the image. A missing folder is created.</param>
    /// <param name="existing">What to do if the file already exists.</param>
    /// <param name="cancellationToken">Cancels the download. No partial file is left.</param>
    /// <exception cref="ApiframeException">
    /// As for the other overload. <see cref="ApiframeException.Job"/> is the last known job. <see cref="ApiframeErrorKind.ImageExpired"/> if the job is marked
    /// as expired, or if its host no longer has the image and the service may have deleted it because of its age. <see cref="ApiframeErrorKind.JournalInUse"/>.
    /// <see cref="ApiframeErrorKind.JournalNotWritable"/> with <see cref="ApiframeException.File"/> if the image was saved and could not be recorded.
    /// </exception>
    public async Task<FileInfo> SaveAsync(
        BananaJob job, int index, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken = default)
    {
        job.EnsureCompleted();
        using JournalNotes notes = JournalNotes.Of(job);
        (FileInfo file, string? sha256) = await SaveAsync(
            new ImageSource(job.ImageUrls[index], job, index), target, existing, isHashed: job.Journal is not null, cancellationToken).ConfigureAwait(false);
        await notes.NoteSavedAsync(job, index, file, sha256).ConfigureAwait(false);
        return file;
    }

    /// <summary>
    /// Returns the files of a job, one for each image, if its journal contains them and they are complete. Otherwise, null. The task is completed at once if the
    /// journal does not contain the files. Otherwise, another thread reads them.
    /// </summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalInUse"/>.</exception>
    public static async Task<IReadOnlyList<FileInfo>?> FindSavedAsync(BananaJob job)
    {
        using JournalNotes notes = JournalNotes.Of(job);
        return notes.Saved(job) is { } saved ? await Task.Run(() => JournalPlan.WholeFiles(saved), CancellationToken.None).ConfigureAwait(false) : null;
    }

    /// <summary>Records in the journal of a job that one of its images is on disk. Reads the file. Without a journal, it does nothing.</summary>
    /// <param name="job">A completed job.</param>
    /// <param name="index">The index of the image in <see cref="BananaJob.ImageUrls"/>.</param>
    /// <param name="file">The image.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.JournalInUse"/>, or <see cref="ApiframeErrorKind.JournalNotWritable"/> with <see cref="ApiframeException.File"/>.
    /// </exception>
    public static async Task<FileInfo> NoteSavedAsync(BananaJob job, int index, FileInfo file)
    {
        using JournalNotes notes = JournalNotes.Of(job);
        await notes.NoteSavedAsync(job, index, file).ConfigureAwait(false);
        return file;
    }

    /// <summary>
    /// Downloads <paramref name="url"/> to <paramref name="target"/>. A missing folder is created. If the image has another format than the extension of the
    /// target, it is saved with its own extension.
    /// </summary>
    /// <param name="url">The address of the image. Redirects are followed. No host gets the key.</param>
    /// <param name="target">The target of the image.</param>
    /// <param name="existing">What to do if the file already exists.</param>
    /// <param name="cancellationToken">Cancels the download. No partial file is left.</param>
    /// <exception cref="ApiframeException">
    /// The download failed until its timeout. <see cref="ApiframeErrorKind.ImageExpired"/> if the host returns 410. <see
    /// cref="ApiframeErrorKind.ImageAddressRefused"/>. <see cref="ApiframeErrorKind.FileExists"/>. <see cref="ApiframeErrorKind.ImageFormatMismatch"/> if the
    /// image has another format than the extension of the target and a file with its own extension exists. Existing files are not changed, and no partial file
    /// is left.
    /// </exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public async Task<FileInfo> SaveAsync(Uri url, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken = default) =>
        (await SaveAsync(new ImageSource(url), target, existing, isHashed: false, cancellationToken).ConfigureAwait(false)).File;

    /// <summary>Creates the error for an existing file that must not be replaced.</summary>
    public static ApiframeException FileExists(FileInfo file) => new(ApiframeErrorKind.FileExists, $"'{file.FullName}' already exists.");

    /// <returns>The file, and its SHA-256 hash if it was requested and the file did not exist before.</returns>
    private async Task<(FileInfo File, string? Sha256)> SaveAsync(
        ImageSource source, SaveTarget target, ExistingFile existing, bool isHashed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target.Folder);
        if (_tidied.TryAdd(target.Folder, true))
        {
            PartialFile.RemoveOrphans(target.Folder);
        }

        using var partial = new PartialFile(target.ToString(), isHashed);
        var download = new ImageDownload(_connection, _transfer, _failingHosts, source, _log);
        for (int losses = 0; ; losses++)
        {
            ImageFormat format = await download.RunAsync(partial, cancellationToken).ConfigureAwait(false);
            string path = target.PathFor(format.Extension);
            bool fits = target.Fits(format.Extension);
            try
            {
                // The permission to replace or keep a file applies only to the specified name.
                return (GiveName(partial, path, fits ? existing : ExistingFile.Refuse), partial.Sha256);
            }
            catch (ApiframeException e) when (!fits && e.Kind == ApiframeErrorKind.FileExists)
            {
                throw target.Mismatch(format.Extension);
            }
            catch (FileNotFoundException) when (losses < MaximumLosses)
            {
                partial.Restart();
            }
            catch (FileNotFoundException)
            {
                throw new ApiframeException(ApiframeErrorKind.DownloadFailed, $"The partial file of '{path}' was removed before the download was complete.");
            }
        }
    }

    private static FileInfo GiveName(PartialFile partial, string path, ExistingFile existing)
    {
        try
        {
            return partial.MoveTo(path, overwrite: existing == ExistingFile.Replace);
        }
        catch (IOException e) when (e is not FileNotFoundException && existing != ExistingFile.Replace && File.Exists(path))
        {
            // The file existed before, or another process saved it meanwhile. The same image under its own name counts as the same file.
            var file = new FileInfo(path);
            return existing == ExistingFile.Refuse ? (partial.IsSameAs(path) ? file : throw FileExists(file))
                : ImageFormat.OfWholeFile(path) is not null ? file
                : partial.MoveTo(path, overwrite: true);
        }
    }
}
