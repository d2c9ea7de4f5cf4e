using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;

namespace Apiframe.Client.Save;

/// <summary>Puts an image on disk, whole or not at all. Works with a client that has no key, because image hosts are not the service.</summary>
/// <remarks>
/// One object is meant for the images of one call: they share what is known of their hosts. All downloads of a process hold back together while a host asks
/// for that (<c>Retry-After</c>).
/// </remarks>
public sealed class ImageDownloader
{
    /// <summary>How often an image is downloaded again because its partial file was taken away.</summary>
    private const int MaximumLosses = 3;

    private readonly ApiframeConnection _connection;
    private readonly ImageTransfer _transfer;
    private readonly Action<ApiframeRequestLog>? _log;
    private readonly ConcurrentDictionary<string, bool> _tidied = new();
    private readonly ConcurrentDictionary<string, TimeSpan> _failingHosts = new();

    /// <summary>Makes a downloader.</summary>
    /// <param name="connection">Whose download client and patience (<see cref="ApiframeConnection.DownloadTimeout"/>) to use.</param>
    /// <param name="log">Called after each attempt, on any thread.</param>
    public ImageDownloader(ApiframeConnection connection, Action<ApiframeRequestLog>? log = null)
    {
        _connection = connection;
        _transfer = new ImageTransfer(connection);
        _log = log;
    }

    /// <summary>
    /// Downloads an image of a job. If it is not where the job says, it may not have got there yet: that is waited out, and the job is asked again meanwhile,
    /// because its image may have another address by now. A job that remembers a journal has the file noted there.
    /// </summary>
    /// <param name="job">A completed job.</param>
    /// <param name="index">Which of its <see cref="BananaJob.ImageUrls"/>.</param>
    /// <param name="target">Where it goes; the folder is made if it is missing.</param>
    /// <param name="existing">What to do if the file already exists.</param>
    /// <param name="cancellationToken">Stops at once and leaves nothing on disk.</param>
    /// <exception cref="ApiframeException">
    /// As of the other overload; <see cref="ApiframeException.Job"/> is the job as last seen. <see cref="ApiframeErrorKind.ImageExpired"/> if the job says so, or
    /// if its host no longer has the image and the job is so old that the service may have deleted it. <see cref="ApiframeErrorKind.JournalInUse"/>; and
    /// <see cref="ApiframeErrorKind.JournalNotWritable"/> with <see cref="ApiframeException.File"/> if the image was saved and could not be recorded.
    /// </exception>
    public async Task<FileInfo> SaveAsync(
        BananaJob job, int index, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken = default)
    {
        job.EnsureCompleted();
        using JournalNotes notes = JournalNotes.Of(job);
        FileInfo file = await SaveAsync(new ImageSource(job.ImageUrls[index], job, index), target, existing, cancellationToken).ConfigureAwait(false);
        await notes.NoteSavedAsync(job, index, file).ConfigureAwait(false);
        return file;
    }

    /// <summary>The files of a job, one for each of its images, if its journal has them and they are there and whole; else null. Reads the files.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalInUse"/>.</exception>
    public static IReadOnlyList<FileInfo>? FindSaved(BananaJob job)
    {
        using JournalNotes notes = JournalNotes.Of(job);
        return notes.FindSaved(job);
    }

    /// <summary>Notes in the journal of a job that an image of it is on disk already. Reads the file. Without a journal, it does nothing.</summary>
    /// <param name="job">A completed job.</param>
    /// <param name="index">Which of its <see cref="BananaJob.ImageUrls"/>.</param>
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
    /// Downloads <paramref name="url"/> to <paramref name="target"/>, making the folder if it is missing. An image that does not fit the extension of the target is
    /// saved beside it, under its own extension.
    /// </summary>
    /// <param name="url">Where the image is. Redirects are followed; no host gets the key.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="existing">What to do if the file already exists.</param>
    /// <param name="cancellationToken">Stops at once and leaves nothing on disk.</param>
    /// <exception cref="ApiframeException">
    /// The download failed for longer than the connection's patience; <see cref="ApiframeErrorKind.ImageExpired"/> if the host says that the image is gone (410);
    /// <see cref="ApiframeErrorKind.ImageAddressRefused"/>; <see cref="ApiframeErrorKind.FileExists"/>; or <see cref="ApiframeErrorKind.ImageFormatMismatch"/> if the
    /// image does not fit the extension of the target and its own name is taken. Nothing is left on disk but what was there before.
    /// </exception>
    /// <exception cref="IOException">The disk did not take the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public Task<FileInfo> SaveAsync(Uri url, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken = default) =>
        SaveAsync(new ImageSource(url), target, existing, cancellationToken);

    /// <summary>What it means that a file has the name already and must stay.</summary>
    public static ApiframeException FileExists(FileInfo file) => new(ApiframeErrorKind.FileExists, $"'{file.FullName}' already exists.");

    private async Task<FileInfo> SaveAsync(ImageSource source, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target.Folder);
        if (_tidied.TryAdd(target.Folder, true))
        {
            PartialFile.RemoveOrphans(target.Folder);
        }

        using var partial = new PartialFile(target.ToString());
        var download = new ImageDownload(_connection, _transfer, _failingHosts, source, _log);
        for (int losses = 0; ; losses++)
        {
            ImageFormat format = await download.RunAsync(partial, cancellationToken).ConfigureAwait(false);
            string path = target.PathFor(format.Extension);
            bool fits = target.Fits(format.Extension);
            try
            {
                // Leave to replace or to keep a file was given for the name that was chosen.
                return GiveName(partial, path, fits ? existing : ExistingFile.Refuse);
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
