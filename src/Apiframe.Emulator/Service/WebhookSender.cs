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

/// <summary>Tells receivers of jobs' events as they happen: those of a job one after the other, those of several side by side.</summary>
internal sealed class WebhookSender(
    JobJson json, Func<ArraySegment<byte>, string?> sign, LiveCounts counts, Func<DateTimeOffset> clock, Func<TimeSpan, CancellationToken, Task> pause)
    : IDisposable
{
    // Receivers in scripts take one request at a time; more at once would only run into the timeout.
    private const int MostAtOnce = 16;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] PausesBetweenAttempts = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly HttpClient _http = NewClient();
    private readonly SemaphoreSlim _places = new(MostAtOnce);

    // Never disposed: what is under way when the emulator stops looks at its token.
    private readonly CancellationTokenSource _stop = new();

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
        _stop.Cancel();
        _http.Dispose();
    }

    private static HttpClient NewClient()
    {
        // Neither a redirect nor a proxy may lead away from this machine.
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        var http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

        // A connection for each: receivers may be simple, and one that closes a connection just before it is used again loses an event.
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
            // Timers know whole milliseconds only, and round down.
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
        if (sign(body) is { } signature)
        {
            request.Headers.Add("X-Webhook-Signature", signature);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }
}

/// <summary>Signs the bodies of webhooks with what is made from the API key.</summary>
internal static class WebhookSignature
{
    /// <returns>The value of the header; null for none.</returns>
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
