using System.Linq;
using System.Text;
using Apiframe.Client;
using Apiframe.Client.Transport.Wire;
using Apiframe.Client.Wait;
using BenchmarkDotNet.Attributes;

namespace Benchmarks;

/// <summary>Measures the two operations that are done for each job and each status request.</summary>
[InProcess]
[MemoryDiagnoser]
public class MicroBenchmarks
{
    private readonly ApiframeConnection _connection = new(new ApiframeConnectionOptions { ApiKey = "afk_benchmark" });
    private readonly JobDuration _usual = new(12, 3);
    private byte[] _page = [];

    /// <summary>Creates a page in the format of the service.</summary>
    [GlobalSetup]
    public void MakePage()
    {
        string job = """
            { "id": "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "status": "COMPLETED", "model": "nano-banana-2", "progress": 100,
              "result": { "images": ["https://cdn.example.net/images/7d1f0c52-1.png"] }, "error": null, "creditCost": 9, "webhookStatus": null,
              "createdAt": "2026-11-20T09:14:02.117Z", "completedAt": "2026-11-20T09:14:15.902Z", "expired": false }
            """;
        _page = Encoding.UTF8.GetBytes($$"""{ "jobs": [{{string.Join(",", Enumerable.Repeat(job, 100))}}], "hasMore": false, "nextCursor": null }""");
    }

    [Benchmark]
    public int ParsePageOf100Jobs() => Utf8Json.Parse(_page)
        .Property("jobs")!.Value.EnumerateArray().Count(job => JobReader.Read(job, _connection, _ => null).IsFinal);

    /// <summary>Simulates the status requests of a job from its start to its end.</summary>
    [Benchmark]
    public int ScheduleOneJob()
    {
        var schedule = new PollSchedule(_usual);
        int looks = 0;
        for (double age = 0; age < 12; looks++)
        {
            age += schedule.NextDelay(age);
            schedule.Observe(age, (int)(age * 8));
        }

        return looks;
    }
}
