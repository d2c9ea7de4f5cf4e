using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Webhooks;

/// <summary>Tells receivers of jobs' events as they happen: those of a job one after the other, those of several side by side.</summary>
internal sealed class WebhookDispatcher : IDisposable
{
    // Receivers in scripts take one request at a time; more at once would only run into the time-out.
    private const int MostAtOnce = 16;

    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] PausesBetweenAttempts = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly WebhookBody _body;
    private readonly WebhookClient _client;
    private readonly Action _delivered;
    private readonly Func<DateTimeOffset> _clock;
    private readonly Func<TimeSpan, CancellationToken, Task> _pause;
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private int _isDisposed;

    /// <param name="body">Writes events.</param>
    /// <param name="client">Sends them. It is disposed with this object.</param>
    /// <param name="delivered">Called for each event that was taken.</param>
    /// <param name="clock">The emulator's.</param>
    /// <param name="pause">Waits for a time; <see cref="Task.Delay(TimeSpan, CancellationToken)"/> unless given.</param>
    public WebhookDispatcher(
        WebhookBody body, WebhookClient client, Action delivered, Func<DateTimeOffset> clock, Func<TimeSpan, CancellationToken, Task>? pause = null)
    {
        _body = body;
        _client = client;
        _delivered = delivered;
        _clock = clock;
        _pause = pause ?? Task.Delay;
        _stopping = _stop.Token;
    }

    /// <summary>Sees to the webhook of a new job, if it has one.</summary>
    public void Start(EmulatedJob job)
    {
        if (job.Webhook is { } webhook)
        {
            // Not on this thread: the answer to the submission shall not wait for a receiver.
            _ = Task.Run(() => RunAsync(job, webhook));
        }
    }

    /// <summary>Breaks off what is being sent and sends no more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _stop.Cancel();
            _stop.Dispose();
            _client.Dispose();
        }
    }

    private async Task RunAsync(EmulatedJob job, JobWebhook webhook)
    {
        try
        {
            bool? isDelivered = null;
            foreach (var webhookEvent in WebhookEvents.Of(job, webhook.Target))
            {
                await WaitUntilAsync(webhookEvent.At).ConfigureAwait(false);
                isDelivered = await DeliverAsync(webhookEvent, job, webhook.Target).ConfigureAwait(false);
            }

            if (isDelivered is { } last)
            {
                webhook.Settle(last);
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

    private async Task<bool> DeliverAsync(WebhookEvent webhookEvent, EmulatedJob job, WebhookTarget target)
    {
        if (!target.IsLoopback)
        {
            return false;
        }

        var body = _body.Of(webhookEvent, job);
        for (var attempt = 0; ; attempt++)
        {
            if (await TryPostAsync(target.Url, webhookEvent.Name, body).ConfigureAwait(false))
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
            var posting = _client.PostAsync(url, eventName, body, attempt.Token);
            await Task.WhenAny(posting, _pause(TimeOut, attempt.Token)).ConfigureAwait(false);

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
}
