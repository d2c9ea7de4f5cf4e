using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Http;

namespace Apiframe.Client.Downloads;

/// <summary>Puts an image on disk, whole or not at all. Works with a client that has no key, because image hosts are not the service.</summary>
public sealed class ImageDownloader
{
    /// <summary>What one download holds of its file at a time, however large the file is.</summary>
    private const int BufferSize = 128 * 1024;

    private readonly ApiframeConnection _connection;
    private readonly Action<ApiframeRequestLog>? _log;

    /// <summary>Makes a downloader.</summary>
    /// <param name="connection">Whose download client, time-outs and retry numbers to use.</param>
    /// <param name="log">Called after each attempt, on any thread.</param>
    public ImageDownloader(ApiframeConnection connection, Action<ApiframeRequestLog>? log = null)
    {
        _connection = connection;
        _log = log;
    }

    /// <summary>Downloads <paramref name="url"/> to <paramref name="target"/>, making the folder if it is missing.</summary>
    /// <exception cref="ApiframeException">The download failed; nothing is left on disk.</exception>
    /// <exception cref="IOException">The disk did not take the file, or a file of that name is there and <paramref name="overwrite"/> is false.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public async Task<FileInfo> SaveAsync(Uri url, SaveTarget target, bool overwrite, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(target.Folder);
        for (int failures = 1; ; failures++)
        {
            using var partial = new PartialFile(target.PartialPath());
            TimeSpan started = _connection.Clock.Elapsed;
            try
            {
                await DownloadAsync(url, partial, cancellationToken).ConfigureAwait(false);
                Log(url, "200", started, null);
                return partial.MoveTo(target.PathFor(partial.Extension!), overwrite);
            }
            catch (ApiframeException e)
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

    private async Task DownloadAsync(Uri url, PartialFile partial, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", _connection.UserAgent);

        // The time-out is for silence, not for the whole transfer: a large image over a thin line is no failure.
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(_connection.RequestTimeout);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using HttpResponseMessage response = await Guarded(
                url, () => _connection.Downloads.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token), cancellationToken)
                .ConfigureAwait(false);
            RequireSuccess(url, response);
            using Stream body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            int count;
            while ((count = await Guarded(url, () => FillAsync(buffer, body, silence), cancellationToken).ConfigureAwait(false)) > 0)
            {
                partial.Write(buffer, count);
            }

            RequireWholeImage(url, response, partial);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads until the buffer is full or the image ends: the network hands out small pieces, and the disk shall not.</summary>
    private async Task<int> FillAsync(byte[] buffer, Stream body, CancellationTokenSource silence)
    {
        int filled = 0;
        int count;
        do
        {
            count = await body.ReadAsync(buffer, filled, buffer.Length - filled, silence.Token).ConfigureAwait(false);
            silence.CancelAfter(_connection.RequestTimeout);
            filled += count;
        }
        while (count > 0 && filled < buffer.Length);

        return filled;
    }

    private void Log(Uri url, string outcome, TimeSpan started, TimeSpan? retryIn) => _log?.Invoke(
        new ApiframeRequestLog("GET", url.Host + url.AbsolutePath, outcome, _connection.Clock.Elapsed - started, RequestId: null, retryIn));

    /// <summary>Runs a step of the network and tells its failures from those of the disk, which are not worth repeating.</summary>
    private async Task<T> Guarded<T>(Uri url, Func<Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiframeException(
                ApiframeErrorKind.DownloadFailed, $"{url.Host} sent nothing for {_connection.RequestTimeout.TotalSeconds:0.###} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ApiframeException(
                ApiframeErrorKind.DownloadFailed,
                $"The download from {url.Host} broke off: {SecretMask.Apply(e.GetBaseException().Message, _connection.ApiKey)}",
                e);
        }
    }

    private static void RequireSuccess(Uri url, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        if (status is 403 or 404 or 410)
        {
            throw new ApiframeException(ApiframeErrorKind.ImageExpired, $"{url.Host} no longer has the image ({status}).") { StatusCode = status };
        }

        if (status != 200)
        {
            throw new ApiframeException(ApiframeErrorKind.DownloadFailed, $"{url.Host} answered {status} instead of the image.") { StatusCode = status };
        }
    }

    private static void RequireWholeImage(Uri url, HttpResponseMessage response, PartialFile partial)
    {
        if (response.Content.Headers.ContentLength is { } declared && declared != partial.Length)
        {
            throw new ApiframeException(
                ApiframeErrorKind.DownloadCorrupt, $"{url.Host} announced {declared} bytes and sent {partial.Length}.") { StatusCode = 200 };
        }

        if (partial.Extension is null)
        {
            throw new ApiframeException(
                ApiframeErrorKind.DownloadCorrupt,
                $"{url.Host} sent {partial.Length} bytes ({response.Content.Headers.ContentType?.MediaType ?? "of no declared type"}) that are no image.")
            {
                StatusCode = 200,
            };
        }
    }
}
