using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Transport;

namespace Apiframe.Client.Save;

/// <summary>One attempt to bring an image into its partial file, with a client that has no key. Safe to share between threads.</summary>
internal sealed class ImageTransfer
{
    /// <summary>What one download holds of its file at a time, however large the file is.</summary>
    private const int BufferSize = 128 * 1024;

    private const int MaximumRedirects = 10;

    private readonly ApiframeConnection _connection;
    private readonly AddressGuard _guard;

    public ImageTransfer(ApiframeConnection connection)
    {
        _connection = connection;
        _guard = new AddressGuard(connection.Session.Resolve);
    }

    /// <summary>Adds what is missing to the partial file.</summary>
    /// <param name="url">Where the image is. Redirects are followed.</param>
    /// <param name="origin">Who says so: the service, or the user.</param>
    /// <param name="partial">Keeps what came if the attempt fails and the next one can build on it.</param>
    /// <param name="patience">How long to wait while a host holds back all downloads.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The format of the image, which is whole.</returns>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.DownloadFailed"/>, <see cref="ApiframeErrorKind.DownloadCorrupt"/> or <see cref="ApiframeErrorKind.ImageAddressRefused"/>.
    /// </exception>
    /// <exception cref="IOException">The disk did not take the file.</exception>
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
            // What came before the break too: a repeat then asks for the rest only.
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
    /// Reads until the buffer is full or the image ends: the network hands out small pieces, and the disk must not get them. The timeout is for one
    /// buffer, not for the whole transfer: a large image over a slow connection does not fail, but a host that sends a byte now and then does.
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

    /// <summary>The answer of the host that does not redirect any further.</summary>
    private async Task<HttpResponseMessage> AskAsync(
        Uri url, Uri origin, PartialFile partial, TimeSpan patience, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            TimeSpan held = await _connection.Session.ImageHosts.For(url).WaitAsync(patience, goesFirst: false, cancellationToken).ConfigureAwait(false);
            if (held > TimeSpan.Zero)
            {
                throw new ApiframeException(
                    ApiframeErrorKind.DownloadFailed, $"{url.Host} asked another download to wait. {held.TotalSeconds:0} seconds of that wait are left.")
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

    /// <summary>Where an answer redirects to; null if it does not, or to what is not fetched: anything but the web, or from https to http.</summary>
    private static Uri? Redirect(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.Location is { } location
        && Uri.TryCreate(url, location, out Uri? next)
        && WebUrl.Parse(next.AbsoluteUri) is not null
        && (next.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? next
            : null;

    /// <summary>What a failure of the network means; those of the disk are not worth repeating and stay as they are.</summary>
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

    /// <summary>Tells whether the answer carries the image or the rest of it, and sets the partial file to where the answer goes on.</summary>
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

        // What is wrong here is wrong in the part that a repeat would build on.
        partial.Restart();
        string type = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        throw new ApiframeException(
            ApiframeErrorKind.DownloadCorrupt,
            declared is { } announced && announced != length
                ? $"{url.Host} announced {announced} bytes but sent {length}."
                : $"{url.Host} sent {length} bytes ({type}) that are not a complete image.")
        {
            StatusCode = (int)response.StatusCode,
        };
    }
}
