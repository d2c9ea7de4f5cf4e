using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Webhooks;

/// <summary>Posts an event to its receiver, once.</summary>
internal sealed class WebhookClient : IDisposable
{
    public const string SignatureHeader = "X-Webhook-Signature";
    public const string EventHeader = "X-Webhook-Event";

    private readonly WebhookSigner _signer;
    private readonly HttpClient _http;

    public WebhookClient(WebhookSigner signer)
    {
        _signer = signer;

        // Neither a redirect nor a proxy may lead away from this machine.
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };

        // A connection for each: receivers may be simple, and one that closes a connection just before it is used again loses an event.
        _http.DefaultRequestHeaders.ConnectionClose = true;
        _http.DefaultRequestHeaders.ExpectContinue = false;
    }

    /// <returns>Whether the receiver took it: any status of the 200s.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> PostAsync(Uri url, string eventName, ArraySegment<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(body.Array!, body.Offset, body.Count);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(EventHeader, eventName);
        if (_signer.Sign(body) is { } signature)
        {
            request.Headers.Add(SignatureHeader, signature);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }

    public void Dispose() => _http.Dispose();
}
