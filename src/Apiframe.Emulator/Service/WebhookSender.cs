using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Service;

/// <summary>Tells receivers of jobs' events as they happen: those of a job one after the other, those of several side by side.</summary>
internal sealed class WebhookSender : IDisposable
{
    // Receivers in scripts take one request at a time; more at once would only run into the timeout.
    private const int MostAtOnce = 16;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] PausesBetweenAttempts = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly JobJson _json;
    private readonly WebhookSigner _signer;
    private readonly Action _delivered;
    private readonly Func<DateTimeOffset> _clock;
    private readonly Func<TimeSpan, CancellationToken, Task> _pause;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private int _isDisposed;

    /// <param name="json">Writes events.</param>
    /// <param name="signer">Signs them.</param>
    /// <param name="delivered">Called for each event that was taken.</param>
    /// <param name="clock">The emulator's.</param>
    /// <param name="pause">Waits for a time; <see cref="Task.Delay(TimeSpan, CancellationToken)"/> unless given.</param>
    public WebhookSender(
        JobJson json, WebhookSigner signer, Action delivered, Func<DateTimeOffset> clock, Func<TimeSpan, CancellationToken, Task>? pause)
    {
        _json = json;
        _signer = signer;
        _delivered = delivered;
        _clock = clock;
        _pause = pause ?? Task.Delay;
        _stopping = _stop.Token;

        // Neither a redirect nor a proxy may lead away from this machine.
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        _http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

        // A connection for each: receivers may be simple, and one that closes a connection just before it is used again loses an event.
        _http.DefaultRequestHeaders.ConnectionClose = true;
        _http.DefaultRequestHeaders.ExpectContinue = false;
    }

    /// <summary>Sees to the webhook of a new job, if it has one.</summary>
    public void Start(EmulatedJob job)
    {
        if (job.Request.Webhook is { } target)
        {
            // Not on this thread: the response to the submission must not wait for a receiver.
            _ = Task.Run(() => RunAsync(job, target));
        }
    }

    /// <summary>Breaks off what is being sent and sends no more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _stop.Cancel();
            _stop.Dispose();
            _http.Dispose();
        }
    }

    private async Task RunAsync(EmulatedJob job, WebhookTarget target)
    {
        try
        {
            bool? isDelivered = null;
            foreach (var webhookEvent in WebhookEvents.Of(job, target))
            {
                await WaitUntilAsync(webhookEvent.At).ConfigureAwait(false);
                isDelivered = target.IsLoopback && await DeliverAsync(webhookEvent, job, target.Url).ConfigureAwait(false);
            }

            if (isDelivered is { } last)
            {
                job.SettleWebhook(last);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The emulator was stopped.
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset time)
    {
        for (var left = time - _clock(); left > TimeSpan.Zero; left = time - _clock())
        {
            // Timers know whole milliseconds only, and round down.
            await _pause(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _stopping).ConfigureAwait(false);
        }
    }

    private async Task<bool> DeliverAsync(WebhookEvent webhookEvent, EmulatedJob job, Uri url)
    {
        var body = JsonResponse.Bytes(_json.Of(webhookEvent, job));
        for (var attempt = 0; ; attempt++)
        {
            if (await TryPostAsync(url, webhookEvent.Name, body).ConfigureAwait(false))
            {
                _delivered();
                return true;
            }

            if (attempt == PausesBetweenAttempts.Length)
            {
                return false;
            }

            await _pause(PausesBetweenAttempts[attempt], _stopping).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryPostAsync(Uri url, string eventName, ArraySegment<byte> body)
    {
        await _places.WaitAsync(_stopping).ConfigureAwait(false);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        try
        {
            var posting = PostAsync(url, eventName, body, attempt.Token);
            await Task.WhenAny(posting, _pause(Timeout, attempt.Token)).ConfigureAwait(false);

            // Ends whichever of the two is not over.
            attempt.Cancel();
            return await posting.ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <returns>Whether the receiver took it: any status of the 200s.</returns>
    private async Task<bool> PostAsync(Uri url, string eventName, ArraySegment<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(body.Array!, body.Offset, body.Count);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", eventName);
        if (_signer.Sign(body) is { } signature)
        {
            request.Headers.Add("X-Webhook-Signature", signature);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }
}
