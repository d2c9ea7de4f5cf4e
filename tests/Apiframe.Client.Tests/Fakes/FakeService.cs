using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Connection;
using Apiframe.Client.Save;
using Apiframe.Client.Wait;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A connection of which the test controls both ends.</summary>
internal sealed class FakeService
{
    public const string Key = "afk_0123456789abcdef0123456789abcdef01234567";

    public const string JobId = "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90";

    /// <summary>The example of the API's OpenAPI description for <c>GET /v2/me</c>.</summary>
    public const string Account = """
        {
          "user": { "id": "c0f4f0a1-6f0e-4f5e-9d0b-0a1b2c3d4e5f", "email": "ops@example.net", "role": "OWNER" },
          "team": { "id": "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d", "name": "Runbooks", "credits": 1240, "plan": "pro",
                    "customerId": null, "maxConcurrentJobs": 10 },
          "apiKey": { "id": "11111111-2222-4333-8444-555555555555", "name": "nightly", "prefix": "afk_1a2b" }
        }
        """;

    /// <summary>The example of the API's OpenAPI description for <c>GET /v2/models</c>, with one more field.</summary>
    public const string Models = """
        { "models": [ { "id": "nano-banana-2", "label": "Nano Banana 2", "modality": "image", "description": "Example text",
                        "pricingMode": "per-output", "costMin": 5, "costMax": 15, "isNew": true } ] }
        """;

    public FakeService(ApiframeConnectionOptions? options = null)
    {
        Connection = new ApiframeConnection(
            options ?? new ApiframeConnectionOptions { ApiKey = Key },
            new Session(
                (new HttpClient(Api) { Timeout = Timeout.InfiniteTimeSpan }, new HttpClient(Downloads) { Timeout = Timeout.InfiniteTimeSpan }),
                Clock,
                new JobDurations(),
                new HostGates(Clock))
            {
                Resolve = host => Resolver?.Invoke(host) ?? Resolve(host),
            });
        Client = new ApiframeClient(Connection, Log.Add);
    }

    public FakeHandler Api { get; } = new();

    public FakeHandler Downloads { get; } = new();

    public FakeClock Clock { get; } = new();

    public RequestLog Log { get; } = new();

    /// <summary>The addresses that host names resolve to. Any other host has a public address.</summary>
    public Dictionary<string, string> Hosts { get; } = [];

    public ApiframeConnection Connection { get; }

    public ApiframeClient Client { get; }

    /// <summary>A name server that is used instead of <see cref="Hosts"/>.</summary>
    public Func<string, Task<IPAddress[]>>? Resolver { get; init; }

    public static string Accepted(string status = "QUEUED") => $$"""{ "jobId": "{{JobId}}", "status": "{{status}}" }""";

    public static string Job(string status, string more = "") => $$"""{ "id": "{{JobId}}", "status": "{{status}}", "model": "nano-banana-2"{{more}} }""";

    public static string Completed(string result = """{ "images": ["https://cdn.example.net/1.png"] }""") =>
        Job("COMPLETED", $""", "progress": 100, "creditCost": 9, "result": {result}""");

    public static SubmitRequest Request(string prompt = "A red kite over a lighthouse") => new() { Prompt = prompt };

    private Task<IPAddress[]> Resolve(string host) => Task.FromResult(
        (Hosts.TryGetValue(host, out string? addresses) ? addresses : "203.0.113.7").Split(' ').Select(IPAddress.Parse).ToArray());
}
