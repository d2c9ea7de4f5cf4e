using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Apiframe.Emulator.Faults;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>Which events there are, and when. Jobs take 10 seconds.</summary>
public sealed class WebhookEventTests
{
    private static readonly string[] All = ["progress", "completed", "failed"];

    [Theory]
    [InlineData("completed", "completed@10000")]
    [InlineData("failed", "")]
    [InlineData("progress", "progress@3182 progress@5455 progress@7728")]
    public void Only_what_was_asked_for_is_told(string asked, string told) => Assert.Equal(told, EventsOf(Plan(), [asked]));

    [Fact]
    public void Without_a_wish_the_end_is_told() => Assert.Equal("completed@10000", EventsOf(Plan(), null));

    [Theory]
    [InlineData(EmulatorProgress.Coarse, "progress@3182 progress@5455 progress@7728 completed@10000")]
    [InlineData(EmulatorProgress.Stuck, "progress@3182 progress@5455 completed@10000")]
    [InlineData(EmulatorProgress.Zero, "completed@10000")]
    public void Progress_is_told_as_often_as_it_changes(EmulatorProgress progress, string told) =>
        Assert.Equal(told, EventsOf(Plan(progress: progress), All));

    [Theory]
    [InlineData("JobFailed", "progress@3182 progress@5455 progress@7728 failed@10000")]
    [InlineData("JobCancelled", "progress@3182 progress@5455 progress@7728")]
    [InlineData("JobStuck", "completed@12000")]
    [InlineData("JobUnknownStatus", "completed@12000")]
    public void A_job_that_goes_wrong_is_told_as_it_goes(string fault, string told)
    {
        var rates = new Dictionary<string, double> { [fault] = 1 };
        var planner = new JobPlanner(10, 0, 0, seed: 0, faultOf: ordinal => FaultTable.Jobs.Draw(rates, 0, ordinal)?.Fault(TimeSpan.FromSeconds(2)));

        Assert.Equal(told, EventsOf(planner.Plan(0), All));
    }

    [Fact]
    public void A_job_that_takes_no_time_has_no_progress() => Assert.Equal("completed@0", EventsOf(new JobPlanner(0, 0, 0, 0).Plan(0), All));

    private static JobPlan Plan(EmulatorProgress progress = EmulatorProgress.Fine) => new JobPlanner(10, 0, 0, 0, progress).Plan(0);

    /// <summary>Name@milliseconds since submission.</summary>
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
