using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Save;

/// <summary>Puts an image on disk, whole or not at all. Works with a client that has no key, because image hosts are not the service.</summary>
public sealed class ImageDownloader
{
    /// <summary>What one download holds of its file at a time, however large the file is.</summary>
    private const int BufferSize = 128 * 1024;

    /// <summary>How often a job is asked again where its image is: an address that was signed for a time may have run out.</summary>
    private const int MaximumAddresses = 3;

    private readonly ApiframeConnection _connection;
    private readonly Action<ApiframeRequestLog>? _log;
    private readonly ConcurrentDictionary<string, bool> _tidied = new();

    /// <summary>Makes a downloader.</summary>
    /// <param name="connection">Whose download client, time-outs and retry numbers to use.</param>
    /// <param name="log">Called after each attempt, on any thread.</param>
    public ImageDownloader(ApiframeConnection connection, Action<ApiframeRequestLog>? log = null)
    {
        _connection = connection;
        _log = log;
    }

    /// <summary>Downloads an image of a job. If it is not where the job says, the job is asked again before the image counts as gone.</summary>
    /// <param name="job">A completed job.</param>
    /// <param name="index">Which of its <see cref="BananaJob.ImageUrls"/>.</param>
    /// <param name="target">Where it goes; the folder is made if it is missing.</param>
    /// <param name="existing">What to do if the file is there already.</param>
    /// <param name="cancellationToken">Stops at once and leaves nothing on disk.</param>
    /// <exception cref="ApiframeException">As of the other overload; <see cref="ApiframeException.Job"/> is the job as last seen.</exception>
    public async Task<FileInfo> SaveAsync(
        BananaJob job, int index, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken = default)
    {
        for (int addresses = 1; ; addresses++)
        {
            job.EnsureCompleted();
            try
            {
                return await SaveAsync(job.ImageUrls[Math.Min(index, job.ImageUrls.Count - 1)], target, existing, cancellationToken).ConfigureAwait(false);
            }
            catch (ApiframeException e) when (
                e.Kind == ApiframeErrorKind.ImageExpired && !job.Expired && addresses < MaximumAddresses && _connection.ApiKey is not null)
            {
                // The job may have a new address by now.
            }

            await _connection.Clock.Delay(_connection.RetryPolicy.Backoff(addresses), cancellationToken).ConfigureAwait(false);
            job = await new ApiframeClient(_connection, _log).GetJobAsync(job, retry: true, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Downloads <paramref name="url"/> to <paramref name="target"/>, making the folder if it is missing.</summary>
    /// <param name="url">Where the image is. Redirects are followed; no host gets the key.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="existing">What to do if the file is there already.</param>
    /// <param name="cancellationToken">Stops at once and leaves nothing on disk.</param>
    /// <exception cref="ApiframeException">
    /// The download failed, or <see cref="ApiframeErrorKind.FileExists"/>. Nothing is left on disk but what was there before.
    /// </exception>
    /// <exception cref="IOException">The disk did not take the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public async Task<FileInfo> SaveAsync(Uri url, SaveTarget target, ExistingFile existing, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(target.Folder);
        if (_tidied.TryAdd(target.Folder, true))
        {
            PartialFile.RemoveOrphans(target.Folder);
        }

        using var partial = new PartialFile(target.ToString());
        for (int failures = 1; ; failures++)
        {
            TimeSpan started = _connection.Clock.Elapsed;
            try
            {
                ImageFormat format = await DownloadAsync(url, partial, cancellationToken).ConfigureAwait(false);
                Log(url, "200", started, null);
                return GiveName(partial, target.PathFor(format.Extension), existing);
            }
            catch (ApiframeException e) when (e.Kind != ApiframeErrorKind.FileExists)
            {
                TimeSpan? delay = e.Kind == ApiframeErrorKind.ImageExpired || failures > _connection.RetryPolicy.MaximumRetryCount
                    ? null
                    : _connection.RetryPolicy.Backoff(failures);
                Log(url, e.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? e.Kind.ToString(), started, delay);
                if (delay is null)
                {
                    throw;
                }

                await _connection.Clock.Delay(delay.Value, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static FileInfo GiveName(PartialFile partial, string path, ExistingFile existing)
    {
        try
        {
            return partial.MoveTo(path, overwrite: existing == ExistingFile.Replace);
        }
        catch (FileNotFoundException)
        {
            partial.Restart();
            throw new ApiframeException(ApiframeErrorKind.DownloadFailed, $"The partial file of '{path}' was taken away before it was done.");
        }
        catch (IOException) when (existing != ExistingFile.Replace && File.Exists(path))
        {
            // Somebody else saved it meanwhile.
            var file = new FileInfo(path);
            return existing == ExistingFile.Keep ? file : throw FileExists(file);
        }
    }

    internal static ApiframeException FileExists(FileInfo file) => new(ApiframeErrorKind.FileExists, $"'{file.FullName}' is there already.");

    /// <summary>Adds what is missing to the partial file.</summary>
    private async Task<ImageFormat> DownloadAsync(Uri url, PartialFile partial, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", _connection.UserAgent);
        if (partial.Version?.Validator is { } validator)
        {
            request.Headers.Range = new RangeHeaderValue(partial.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }
        else
        {
            partial.Restart();
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(_connection.RequestTimeout);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using HttpResponseMessage response = await AskAsync(url, request, silence.Token, cancellationToken).ConfigureAwait(false);
            RequireSuccess(url, response, partial);
            using Stream body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            int count;
            do
            {
                (count, Exception? broken) = await FillAsync(buffer, body, silence.Token).ConfigureAwait(false);
                // What came before the break too: a repeat then asks for the rest only.
                partial.Write(buffer, count);
                if (broken is not null)
                {
                    throw Failure(url, broken, cancellationToken);
                }

                silence.CancelAfter(_connection.RequestTimeout);
            }
            while (count > 0);

            return RequireWholeImage(url, response, partial);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Reads until the buffer is full or the image ends: the network hands out small pieces, and the disk shall not. The time-out is for one
    /// buffer, not for the whole transfer: a large image over a thin line is no failure, a host that lets a byte fall now and then is one.
    /// </summary>
    private static async Task<(int Count, Exception? Broken)> FillAsync(byte[] buffer, Stream body, CancellationToken silence)
    {
        int filled = 0;
        try
        {
            // .NET Framework's streams do not look at the token while they read.
            using CancellationTokenRegistration closing = silence.Register(body.Dispose);
            int count;
            do
            {
                count = await body.ReadAsync(buffer, filled, buffer.Length - filled, silence).ConfigureAwait(false);
                filled += count;
            }
            while (count > 0 && filled < buffer.Length);

            return (filled, null);
        }
        catch (Exception) when (silence.IsCancellationRequested)
        {
            return (filled, new OperationCanceledException(silence));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (filled, e);
        }
    }

    private void Log(Uri url, string outcome, TimeSpan started, TimeSpan? retryIn) => _log?.Invoke(
        new ApiframeRequestLog("GET", url.Host + url.AbsolutePath, outcome, _connection.Clock.Elapsed - started, RequestId: null, retryIn));

    private async Task<HttpResponseMessage> AskAsync(Uri url, HttpRequestMessage request, CancellationToken silence, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.Downloads.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            throw Failure(url, e, cancellationToken);
        }
    }

    /// <summary>What a failure of the network means; those of the disk are not worth repeating and stay as they are.</summary>
    private Exception Failure(Uri url, Exception e, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellationToken);
        }

        string what = e is OperationCanceledException
            ? $"{url.Host} sent nothing, or next to nothing, for {_connection.RequestTimeout.TotalSeconds:0.###} s."
            : $"The download from {url.Host} broke off: {_connection.Secrets.TextOf(e)}";
        return new ApiframeException(ApiframeErrorKind.DownloadFailed, what);
    }

    /// <summary>Tells whether the answer carries the image or the rest of it, and sets the partial file to where the answer goes on.</summary>
    private static void RequireSuccess(Uri url, HttpResponseMessage response, PartialFile partial)
    {
        int status = (int)response.StatusCode;
        if (status is 403 or 404 or 410)
        {
            throw new ApiframeException(ApiframeErrorKind.ImageExpired, $"{url.Host} no longer has the image ({status}).") { StatusCode = status };
        }

        if (status == 206 && response.Content.Headers.ContentRange?.From == partial.Length && partial.Version?.IsContinuedBy(FileVersion.Of(response)) == true)
        {
            return;
        }

        partial.Restart();
        if (status != 200)
        {
            throw new ApiframeException(ApiframeErrorKind.DownloadFailed, $"{url.Host} answered {status} instead of the image.") { StatusCode = status };
        }

        partial.Version = FileVersion.Of(response);
    }

    private static ImageFormat RequireWholeImage(Uri url, HttpResponseMessage response, PartialFile partial)
    {
        long? declared = response.Content.Headers.ContentRange is { } range ? range.Length : response.Content.Headers.ContentLength;
        long length = partial.Length;
        ImageFormat? format = partial.WholeImage();
        if (format is not null && (declared ?? length) == length)
        {
            return format;
        }

        // What is wrong here is wrong in the part that a repeat would build on.
        partial.Restart();
        string type = response.Content.Headers.ContentType?.MediaType ?? "of no declared type";
        throw new ApiframeException(
            ApiframeErrorKind.DownloadCorrupt,
            declared is { } announced && announced != length
                ? $"{url.Host} announced {announced} bytes and sent {length}."
                : $"{url.Host} sent {length} bytes ({type}) that are no whole image.")
        {
            StatusCode = (int)response.StatusCode,
        };
    }
}
