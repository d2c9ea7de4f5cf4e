using System.Net.Http;
using System.Threading;
using Apiframe.Client.Jobs;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A connection whose both ends are in the test's hands.</summary>
internal sealed class FakeService
{
    public const string Key = "afk_0123456789abcdef0123456789abcdef01234567";

    public const string JobId = "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90";

    public FakeService(ApiframeConnectionOptions? options = null)
    {
        Connection = new ApiframeConnection(
            options ?? new ApiframeConnectionOptions { ApiKey = Key },
            (new HttpClient(Api) { Timeout = Timeout.InfiniteTimeSpan }, new HttpClient(Downloads) { Timeout = Timeout.InfiniteTimeSpan }),
            Clock,
            new JobDurations());
        Client = new ApiframeClient(Connection, Log.Add);
    }

    public FakeHandler Api { get; } = new();

    public FakeHandler Downloads { get; } = new();

    public FakeClock Clock { get; } = new();

    public RequestLog Log { get; } = new();

    public ApiframeConnection Connection { get; }

    public ApiframeClient Client { get; }

    public static string Accepted(string status = "QUEUED") => $$"""{ "jobId": "{{JobId}}", "status": "{{status}}" }""";

    public static string Job(string status, string more = "") => $$"""{ "id": "{{JobId}}", "status": "{{status}}", "model": "nano-banana-2"{{more}} }""";

    public static string Completed(string result = """{ "images": ["https://cdn.example.net/1.png"] }""") =>
        Job("COMPLETED", $""", "progress": 100, "creditCost": 9, "result": {result}""");

    public static SubmitRequest Request(string prompt = "A red kite over a lighthouse") => new() { Prompt = prompt };
}
