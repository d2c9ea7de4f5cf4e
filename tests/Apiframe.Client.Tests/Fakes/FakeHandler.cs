using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Tests.Fakes;

internal sealed record SentRequest(string Method, Uri Url, string? Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;
}

/// <summary>Responds to each request with the next step of a script, repeats the last step, and records each request.</summary>
internal sealed class FakeHandler : HttpMessageHandler
{
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _script = new();
    private readonly List<SentRequest> _sent = [];
    private Func<CancellationToken, Task<HttpResponseMessage>>? _last;
    private Func<SentRequest, (int Status, string Json)>? _route;

    public IReadOnlyList<SentRequest> Sent
    {
        get
        {
            lock (_sent)
            {
                return [.. _sent];
            }
        }
    }

    public FakeHandler Json(string body, int status = 200, params (string Name, string Value)[] headers) =>
        Answer(status, body, "application/json", headers);

    public FakeHandler Answer(int status, string body, string contentType = "text/html", params (string Name, string Value)[] headers) =>
        Bytes(Encoding.UTF8.GetBytes(body), contentType, status, headers);

    public FakeHandler Bytes(byte[] body, string contentType, int status = 200, params (string Name, string Value)[] headers) => Do(_ =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach ((string name, string value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Task.FromResult(response);
    });

    public FakeHandler Throw(Exception exception) => Do(_ => Task.FromException<HttpResponseMessage>(exception));

    /// <summary>Adds a step that never responds. The timeout of the request or the caller ends it.</summary>
    public FakeHandler Hang() => Do(async token =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, token);
        throw new InvalidOperationException("unreachable");
    });

    public FakeHandler Do(Func<CancellationToken, Task<HttpResponseMessage>> step)
    {
        _script.Enqueue(step);
        return this;
    }

    /// <summary>Responds to every request by its content instead of by the script.</summary>
    public void Route(Func<SentRequest, (int Status, string Json)> route) => _route = route;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
            .ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
        var sent = new SentRequest(request.Method.Method, request.RequestUri!, body, headers);
        Func<CancellationToken, Task<HttpResponseMessage>> step;
        lock (_sent)
        {
            _sent.Add(sent);
            if (_route is not null)
            {
                (int status, string json) = _route(sent);
                return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            }

            step = _script.TryDequeue(out Func<CancellationToken, Task<HttpResponseMessage>>? next)
                ? _last = next
                : _last ?? throw new InvalidOperationException("The fake has no script.");
        }

        return await step(cancellationToken);
    }
}
