using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;

namespace Simulation.Outside;

internal sealed class Call
{
    private readonly HttpRequestMessage _request;

    public Call(HttpRequestMessage request)
    {
        _request = request;
        if (request.Content is { } content)
        {
            using var body = new MemoryStream();
            content.CopyTo(body, context: null, cancellationToken: default);
            Body = body.ToArray();
        }
    }

    public string Method => _request.Method.Method;

    public Uri Url => _request.RequestUri!;

    public byte[] Body { get; } = [];

    public string? ApiKey => Header("X-API-Key");

    public string? IdempotencyKey => Header("Idempotency-Key");

    public bool IsSubmission => Method == "POST" && Url.AbsolutePath == "/v2/images/generate";

    public long? From => _request.Headers.Range?.Ranges.Single().From;

    public string? IfRange => Header("If-Range");

    /// <summary>The file in a multipart body, or null if there is none.</summary>
    public byte[]? Upload
    {
        get
        {
            int start = Body.AsSpan().IndexOf("\r\n\r\n"u8);
            int end = Body.AsSpan().LastIndexOf("\r\n--"u8);
            return start >= 0 && end > start ? Body[(start + 4)..end] : null;
        }
    }

    public string? Query(string name) => Url.Query.TrimStart('?').Split('&')
        .Select(part => part.Split('=', 2)).Where(part => part[0] == name).Select(part => Uri.UnescapeDataString(part[1])).FirstOrDefault();

    /// <summary>The text of the request without the value of the header for the key.</summary>
    public string TextWithoutKeyHeader() => string.Join('\n', [
        Url.OriginalString,
        .. _request.Headers.Where(header => header.Key != "X-API-Key").Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"),
        .. _request.Content?.Headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}") ?? [],
        Encoding.UTF8.GetString(Body),
    ]);

    public override string ToString() => $"{Method} {Url.PathAndQuery}{(IdempotencyKey is { } key ? $" under ...{key[^6..]}" : string.Empty)}";

    private string? Header(string name) => _request.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
