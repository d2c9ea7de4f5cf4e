using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Apiframe.Emulator.Faults;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>Tests which events are sent and when. The jobs take 10 seconds.</summary>
public sealed class WebhookEventTests
{
    private static readonly string[] All = ["progress", "completed", "failed"];

    [Theory]
    [InlineData("completed", "completed@10000")]
    [InlineData("failed", "")]
    [InlineData("progress", "progress@3182 progress@5455 progress@7728")]
    public void Only_the_requested_events_are_sent(string asked, string told) => Assert.Equal(told, EventsOf(Plan(), [asked]));

    [Fact]
    public void By_default_only_the_end_is_sent() => Assert.Equal("completed@10000", EventsOf(Plan(), null));

    [Theory]
    [InlineData(EmulatorProgress.Coarse, "progress@3182 progress@5455 progress@7728 completed@10000")]
    [InlineData(EmulatorProgress.Stuck, "progress@3182 progress@5455 completed@10000")]
    [InlineData(EmulatorProgress.Zero, "completed@10000")]
    public void Progress_is_sent_for_each_change(EmulatorProgress progress, string told) =>
        Assert.Equal(told, EventsOf(Plan(progress: progress), All));

    [Theory]
    [InlineData("JobFailed", "progress@3182 progress@5455 progress@7728 failed@10000")]
    [InlineData("JobCancelled", "progress@3182 progress@5455 progress@7728")]
    [InlineData("JobStuck", "completed@12000")]
    [InlineData("JobUnknownStatus", "completed@12000")]
    public void The_webhooks_of_a_job_with_a_fault_match_its_states(string fault, string told)
    {
        var rates = new Dictionary<string, double> { [fault] = 1 };
        var planner = new JobPlanner(10, 0, 0, seed: 0, faultOf: ordinal => FaultTable.Jobs.Draw(rates, 0, ordinal)?.Fault(TimeSpan.FromSeconds(2)));

        Assert.Equal(told, EventsOf(planner.Plan(0), All));
    }

    [Fact]
    public void A_job_without_generation_time_has_no_progress_event() => Assert.Equal("completed@0", EventsOf(new JobPlanner(0, 0, 0, 0).Plan(0), All));

    private static JobPlan Plan(EmulatorProgress progress = EmulatorProgress.Fine) => new JobPlanner(10, 0, 0, 0, progress).Plan(0);

    /// <summary>Returns each event in the form name@milliseconds since the submission.</summary>
    private static string EventsOf(JobPlan plan, string[]? asked)
    {
        var target = new WebhookTarget("http://127.0.0.1/", asked);
        using var body = JsonDocument.Parse(TestEmulator.SmallestRequest);
        var request = new JobRequest(body.RootElement, fingerprint: string.Empty, GenerateSchema.Params);
        var draft = new Draft(Cost: 5, "jpg", seed => new Scene(seed, PictureSize.For(null, null)));
        var job = new EmulatedJob(Guid.Empty, null, request, DateTimeOffset.UnixEpoch, plan, draft);
        return string.Join(' ', WebhookEvents.Of(job, target).Select(e => $"{e.Name}@{e.At.ToUnixTimeMilliseconds()}"));
    }
}
