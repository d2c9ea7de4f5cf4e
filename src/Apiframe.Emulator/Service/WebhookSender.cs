using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Emulator.Service;

/// <summary>Sends events when they occur. The events of one job are sent in order, and those of different jobs at the same time.</summary>
internal sealed class WebhookSender(
    JobJson json, Func<ArraySegment<byte>, string?> sign, LiveCounts counts, Func<DateTimeOffset> clock, Func<TimeSpan, CancellationToken, Task> pause)
    : IDisposable
{
    // Receivers in scripts often process one request at a time, so many simultaneous events would only cause timeouts.
    private const int MostAtOnce = 16;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] PausesBetweenAttempts = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly HttpClient _http = NewClient();
    private readonly SemaphoreSlim _places = new(MostAtOnce);

    // This is never disposed, because running work still reads its token after the emulator stops.
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts the delivery of the webhook of a new job, if it has one.</summary>
    public void Start(EmulatedJob job)
    {
        if (job.Request.Webhook is { } target)
        {
            // The delivery runs on another thread, because the response to the submission must not wait for a receiver.
            _ = Task.Run(() => RunAsync(job, target));
        }
    }

    /// <summary>Cancels the running deliveries and sends no more events.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _http.Dispose();
    }

    private static HttpClient NewClient()
    {
        // A redirect or a proxy could otherwise lead to another computer.
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        var http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

        // Each event uses its own connection. If a simple receiver closed a shared connection just before its next use, the event would be lost.
        http.DefaultRequestHeaders.ConnectionClose = true;
        http.DefaultRequestHeaders.ExpectContinue = false;
        return http;
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
        for (var left = time - clock(); left > TimeSpan.Zero; left = time - clock())
        {
            // Timers have whole milliseconds and round down.
            await pause(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> DeliverAsync(WebhookEvent webhookEvent, EmulatedJob job, Uri url)
    {
        var body = JsonResponse.Bytes(json.Of(webhookEvent, job));
        for (var attempt = 0; ; attempt++)
        {
            if (await TryPostAsync(url, webhookEvent.Name, body).ConfigureAwait(false))
            {
                counts.Add(live => live.WebhooksDelivered++);
                return true;
            }

            if (attempt == PausesBetweenAttempts.Length)
            {
                return false;
            }

            await pause(PausesBetweenAttempts[attempt], _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryPostAsync(Uri url, string eventName, ArraySegment<byte> body)
    {
        await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            var posting = PostAsync(url, eventName, body, attempt.Token);
            await Task.WhenAny(posting, pause(Timeout, attempt.Token)).ConfigureAwait(false);

            // This ends the other of the two tasks.
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

    /// <returns>Whether the receiver accepted the event, with any status from 200 to 299.</returns>
    private async Task<bool> PostAsync(Uri url, string eventName, ArraySegment<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(body.Array!, body.Offset, body.Count);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", eventName);
        if (sign(body) is { } signature)
        {
            request.Headers.Add("X-Webhook-Signature", signature);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }
}

/// <summary>Signs the bodies of webhooks with a key that is derived from the API key.</summary>
internal static class WebhookSignature
{
    /// <returns>The value of the header, or null if webhooks are not signed.</returns>
    public static string? Of(ArraySegment<byte> body, string apiKey, EmulatorWebhookSignature kind)
    {
        if (kind == EmulatorWebhookSignature.None)
        {
            return null;
        }

        using var sha256 = SHA256.Create();
        var hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(apiKey));
        using var hmac = new HMACSHA256(kind == EmulatorWebhookSignature.RawBytes ? hash : Encoding.ASCII.GetBytes(Hex(hash)));
        return "sha256=" + Hex(hmac.ComputeHash(body.Array!, body.Offset, body.Count));
    }

    private static string Hex(byte[] bytes) => string.Concat(bytes.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
}
