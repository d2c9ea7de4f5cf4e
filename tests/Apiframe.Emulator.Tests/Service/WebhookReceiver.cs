using System;
using System.Collections.Generic;
using System.Net;
using System.Threading.Channels;
using System.Threading.Tasks;
using Apiframe.Emulator.Server;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>Receives webhooks on a free port. Responds with the specified statuses, and then with 204.</summary>
internal sealed class WebhookReceiver : IDisposable
{
    /// <summary>A status that means that the receiver never responds.</summary>
    public const int NoAnswer = 0;

    private readonly HttpServer _server = new(IPAddress.Loopback);
    private readonly Channel<HttpRequest> _received = Channel.CreateUnbounded<HttpRequest>();
    private readonly Queue<int> _statuses;

    public WebhookReceiver(params int[] statuses)
    {
        _statuses = new Queue<int>(statuses);
        _server.Start(AnswerAsync);
    }

    public string Url => $"http://127.0.0.1:{_server.Port}/hook?a=1";

    /// <summary>The number of received webhooks that the test has not read yet.</summary>
    public int Waiting => _received.Reader.Count;

    public async Task<HttpRequest> NextAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Dispose() => _server.Dispose();

    private Task<HttpResponse> AnswerAsync(HttpRequest request)
    {
        int status;
        lock (_statuses)
        {
            Assert.True(_received.Writer.TryWrite(request));
            status = _statuses.TryDequeue(out var next) ? next : 204;
        }

        return status switch
        {
            NoAnswer => new TaskCompletionSource<HttpResponse>().Task,
            302 => Task.FromResult(HttpResponse.Redirect("/elsewhere")),
            _ => Task.FromResult(HttpResponse.WithoutBody(status)),
        };
    }
}
