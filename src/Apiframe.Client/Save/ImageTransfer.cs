using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Transport;

namespace Apiframe.Client.Save;

/// <summary>One attempt to download an image to its partial file, with a client without a key. Safe to use from several threads.</summary>
internal sealed class ImageTransfer
{
    /// <summary>The number of bytes of a file that a download has in memory at a time.</summary>
    private const int BufferSize = 128 * 1024;

    private const int MaximumRedirects = 10;

    private readonly ApiframeConnection _connection;
    private readonly AddressGuard _guard;

    public ImageTransfer(ApiframeConnection connection)
    {
        _connection = connection;
        _guard = new AddressGuard(connection.Session.Resolve);
    }

    /// <summary>Downloads the missing bytes of the partial file.</summary>
    /// <param name="url">The address of the image. Redirects are followed.</param>
    /// <param name="origin">The origin of the address: the service or the user.</param>
    /// <param name="partial">The partial file. It keeps the received bytes after a failure if the next attempt can continue it.</param>
    /// <param name="patience">The maximum time to wait for a host that holds back all downloads.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The format of the complete image.</returns>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.DownloadFailed"/>, <see cref="ApiframeErrorKind.DownloadCorrupt"/>, or <see cref="ApiframeErrorKind.ImageAddressRefused"/>.
    /// </exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public async Task<ImageFormat> RunAsync(Uri url, Uri origin, PartialFile partial, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (partial.Version?.Validator is null)
        {
            partial.Restart();
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        HttpResponseMessage response = await AskAsync(url, origin, partial, patience, silence, cancellationToken).ConfigureAwait(false);
        using var body = new ResponseBody(response, BufferSize);
        RequireSuccess(url, response, partial);
        int count;
        do
        {
            silence.CancelAfter(_connection.RequestTimeout);
            (count, Exception? broken) = await FillAsync(body, silence.Token).ConfigureAwait(false);
            // Bytes from before a failure are written too, so that the next attempt requests only the rest.
            partial.Write(body.Buffer, count);
            if (broken is not null)
            {
                throw Failure(url, broken, silence, cancellationToken);
            }
        }
        while (count > 0);

        return RequireWholeImage(url, response, partial);
    }

    /// <summary>
    /// Reads until the buffer is full or the image ends, because the network delivers small pieces that would be inefficient on disk. The timeout applies to
    /// one buffer and not to the whole transfer: a large image over a slow connection does not fail, but a host that sends single bytes does.
    /// </summary>
    private static async Task<(int Count, Exception? Broken)> FillAsync(ResponseBody body, CancellationToken silence)
    {
        int filled = 0;
        try
        {
            int count;
            do
            {
                count = await body.ReadAsync(filled, silence).ConfigureAwait(false);
                filled += count;
            }
            while (count > 0 && filled < body.Buffer.Length);

            return (filled, null);
        }
        catch (Exception e)
        {
            return (filled, e);
        }
    }

    /// <summary>Returns the first response that is not a redirect.</summary>
    private async Task<HttpResponseMessage> AskAsync(
        Uri url, Uri origin, PartialFile partial, TimeSpan patience, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            TimeSpan held = await _connection.Session.ImageHosts.For(url).WaitAsync(patience, goesFirst: false, cancellationToken).ConfigureAwait(false);
            if (held > TimeSpan.Zero)
            {
                throw new ApiframeException(
                    ApiframeErrorKind.DownloadFailed, $"{url.Host} returned a Retry-After header for another download. {held.TotalSeconds:0} seconds of the wait in that header remain.")
                {
                    StatusCode = 429,
                    RetryAfter = held,
                };
            }

            HttpResponseMessage response;
            try
            {
                silence.CancelAfter(_connection.RequestTimeout);
                await _guard.RequireAllowedAsync(url, origin, silence.Token).ConfigureAwait(false);
                using HttpRequestMessage request = Request(url, partial);
                response = await _connection.Session.Downloads.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not ApiframeException)
            {
                throw Failure(url, e, silence, cancellationToken);
            }

            if (Redirect(url, response) is not { } next)
            {
                return response;
            }

            response.Dispose();
            url = redirects < MaximumRedirects ? next : throw new ApiframeException(
                ApiframeErrorKind.DownloadFailed, $"{url.Host} redirected the download of the image more than {MaximumRedirects} times.");
        }
    }

    private HttpRequestMessage Request(Uri url, PartialFile partial)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", _connection.UserAgent);
        if (partial.Version?.Validator is { } validator)
        {
            request.Headers.Range = new RangeHeaderValue(partial.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }

        return request;
    }

    /// <summary>
    /// Returns the target of a redirect. Null if the response is not a redirect, or if the target is not allowed: any scheme other than HTTP and HTTPS, or from
    /// HTTPS to HTTP.
    /// </summary>
    private static Uri? Redirect(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.Location is { } location
        && Uri.TryCreate(url, location, out Uri? next)
        && WebUrl.Parse(next.AbsoluteUri) is not null
        && (next.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? next
            : null;

    /// <summary>Returns the exception for a failure of the network. Failures of the disk are not retried and stay unchanged.</summary>
    private Exception Failure(Uri url, Exception e, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellationToken);
        }

        string what = silence.IsCancellationRequested
            ? $"{url.Host} sent no data, or almost none, for {_connection.RequestTimeout.TotalSeconds:0.###} s."
            : $"The download from {url.Host} was interrupted: {_connection.Secrets.TextOf(e)}";
        return new ApiframeException(ApiframeErrorKind.DownloadFailed, what);
    }

    /// <summary>Checks whether the response contains the image or its rest, and prepares the partial file for it.</summary>
    private void RequireSuccess(Uri url, HttpResponseMessage response, PartialFile partial)
    {
        int status = (int)response.StatusCode;
        bool isRest = status == 206 && response.Content.Headers.ContentRange?.From == partial.Length
            && partial.Version?.IsContinuedBy(FileVersion.Of(response)) == true;
        if (isRest)
        {
            return;
        }

        if (status is 200 or 206 or 416)
        {
            partial.Restart();
        }

        if (status == 200)
        {
            partial.Version = FileVersion.Of(response);
            return;
        }

        TimeSpan? retryAfter = ApiAnswer.RetryAfterOf(response, _connection.Session.Clock);
        if (retryAfter is { } asked)
        {
            _connection.Session.ImageHosts.For(response.RequestMessage?.RequestUri ?? url).Hold(_connection.RetryPolicy.Obeyed(asked));
        }

        throw new ApiframeException(
            ApiframeErrorKind.DownloadFailed,
            status == 206 ? $"{url.Host} returned part of another file instead of the rest of the image." : $"{url.Host} returned HTTP status {status} instead of the image.")
        {
            StatusCode = status,
            RetryAfter = retryAfter,
        };
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

        // The damage is in the part that the next attempt would continue, so the part is discarded.
        partial.Restart();
        string type = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        throw new ApiframeException(
            ApiframeErrorKind.DownloadCorrupt,
            declared is { } announced && announced != length
                ? $"{url.Host} specified a length of {announced} bytes but sent {length} bytes."
                : $"{url.Host} sent {length} bytes ({type}), which are not a complete image.")
        {
            StatusCode = (int)response.StatusCode,
        };
    }
}
