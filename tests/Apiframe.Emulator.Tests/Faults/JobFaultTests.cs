using System.Collections.Generic;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Faults;

/// <summary>Tests the faults of jobs. The jobs take 10 seconds, and the fault duration is 4 seconds.</summary>
public sealed class JobFaultTests
{
    [Fact]
    public async Task A_stuck_job_is_queued_longer_than_its_total_time()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobStuck"));

        Assert.Equal([("QUEUED", 0), ("QUEUED", 0), ("QUEUED", 0), ("COMPLETED", 100)], await CourseAsync(test, 0, 9.999, 4, 0.001));
    }

    [Fact]
    public async Task A_job_with_an_unknown_status_has_it_while_it_runs_and_for_the_fault_duration()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobUnknownStatus"));

        Assert.Equal(
            [("QUEUED", 0), ("MODERATING", 1), ("MODERATING", 99), ("MODERATING", 99), ("MODERATING", 99), ("COMPLETED", 100)],
            await CourseAsync(test, 0, 1, 8.999, 0.001, 3.999, 0.001));
    }

    [Fact]
    public async Task A_list_filter_with_the_unknown_status_is_rejected()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobUnknownStatus"));

        using var response = await test.GetAsync("/v2/jobs?status=MODERATING");

        await TestEmulator.AssertInvalidAsync(response, ("status", "Not an allowed value"));
    }

    [Fact]
    public async Task A_vanishing_job_is_not_found_in_the_middle_of_its_time_and_then_found_again()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobVanishes"));
        var id = await test.SubmitAsync(idempotencyKey: "k");
        var seen = new List<(HttpStatusCode Status, int Listed, int Searched)>();

        foreach (var step in new[] { 4.999, 0.001, 3.999, 0.001 })
        {
            test.Clock.Advance(step);
            using var response = await test.GetAsync("/v2/jobs/" + id);
            var listed = TestEmulator.Ids(await test.GetJsonAsync("/v2/jobs")).Count;
            seen.Add((response.StatusCode, listed, TestEmulator.Ids(await test.GetJsonAsync("/v2/jobs?search=" + id)).Count));
        }

        Assert.Equal([(HttpStatusCode.OK, 1, 1), (HttpStatusCode.NotFound, 0, 0), (HttpStatusCode.NotFound, 0, 0), (HttpStatusCode.OK, 1, 1)], seen);
        Assert.Equal(id, await test.SubmitAsync(idempotencyKey: "k"));
    }

    [Fact]
    public async Task A_job_without_URL_is_completed_and_has_its_result_later()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobWithoutUrl"));
        var id = await test.SubmitAsync();
        test.Clock.Advance(13.999);
        var before = await test.JobAsync(id);
        test.Clock.Advance(0.001);
        var after = await test.JobAsync(id);

        Assert.Equal(("COMPLETED", 100), Told(before));
        Assert.Null(before["result"]);
        Assert.Equal("2026-11-20T09:14:12.117Z", TestEmulator.Text(before, "completedAt"));
        Assert.NotNull(after["result"]!["images"]![0]);
    }

    [Fact]
    public async Task An_expired_job_reports_it_and_its_file_is_missing_until_the_fault_ends()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobExpired"));
        var id = await test.SubmitAsync();
        test.Clock.Advance(13.999);
        var before = await test.JobAsync(id);
        var url = (string)before["result"]!["images"]![0]!;
        using var gone = await test.Anonymous.GetAsync(url, TestContext.Current.CancellationToken);
        test.Clock.Advance(0.001);
        var after = await test.JobAsync(id);
        using var there = await test.Anonymous.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(("COMPLETED", 100), Told(before));
        Assert.Equal((true, false), ((bool)before["expired"]!, (bool)after["expired"]!));
        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.OK), (gone.StatusCode, there.StatusCode));
    }

    [Fact]
    public async Task The_URL_of_a_late_image_is_returned_at_once_and_not_found_until_the_image_exists()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "ImageLate"));
        var id = await test.SubmitAsync();
        test.Clock.Advance(10);
        var job = await test.JobAsync(id);
        var url = (string)job["result"]!["images"]![0]!;
        test.Clock.Advance(3.999);
        using var early = await test.Anonymous.GetAsync(url, TestContext.Current.CancellationToken);
        test.Clock.Advance(0.001);
        using var late = await test.Anonymous.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(("COMPLETED", 100), Told(job));
        Assert.False((bool)job["expired"]!);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (early.StatusCode, late.StatusCode));
        Assert.Equal(1, test.Emulator.Counts.FaultsByName["ImageLate"]);
    }

    [Fact]
    public async Task A_late_cost_is_0_until_the_job_is_completed_and_charged_at_submission()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobCostLate"));
        var id = await test.SubmitAsync();
        var billed = test.Emulator.Counts.CreditsBilled;
        test.Clock.Advance(9.999);
        var running = await test.JobAsync(id);
        var listed = (await test.GetJsonAsync("/v2/jobs"))["jobs"]![0]!;
        test.Clock.Advance(0.001);
        var completed = await test.JobAsync(id);

        Assert.Equal((0, 0, 5), ((int)running["creditCost"]!, (int)listed["creditCost"]!, (int)completed["creditCost"]!));
        Assert.Equal((5, 5), (billed, test.Emulator.Counts.CreditsBilled));
    }

    [Theory]
    [InlineData("JobFailed", "FAILED", "The provider declined the prompt (content policy)")]
    [InlineData("JobCancelled", "CANCELLED", null)]
    [InlineData("JobUnavailable", "FAILED", "The provider has no available capacity")]
    public async Task A_job_that_ends_without_an_image_is_refunded(string fault, string status, string? error)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, fault));
        var id = await test.SubmitAsync();
        var billed = test.Emulator.Counts;
        test.Clock.Advance(10);
        var job = await test.JobAsync(id);

        Assert.Equal((status, 0), Told(job));
        Assert.Equal((error, 0), ((string?)job["error"], (int)job["creditCost"]!));
        Assert.Null(job["result"]);
        Assert.Equal((1, 5), (billed.ImagesBilled, billed.CreditsBilled));
        Assert.Equal((0, 0), (test.Emulator.Counts.ImagesBilled, test.Emulator.Counts.CreditsBilled));
    }

    [Fact]
    public async Task A_stuck_job_counts_toward_the_concurrent_job_limit()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            ApiKey = TestEmulator.ApiKey,
            GenerationTimeSec = 10,
            GenerationTimeSpread = 0,
            ConcurrentJobs = 1,
            Faults = new Dictionary<string, double> { ["JobStuck"] = 1 },
            FaultDurationSec = 4,
        });
        await test.SubmitAsync();

        test.Clock.Advance(13.999);
        using var refused = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        test.Clock.Advance(0.001);
        await test.SubmitAsync();
    }

    [Theory]
    [InlineData("JobStuck", "QUEUED")]
    [InlineData("JobUnknownStatus", "MODERATING")]
    [InlineData("JobCancelled", "CANCELLED")]
    public async Task A_job_without_generation_time_can_have_a_fault(string fault, string status)
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            ApiKey = TestEmulator.ApiKey,
            GenerationTimeSec = 0,
            Faults = new Dictionary<string, double> { [fault] = 1 },
        });

        Assert.Equal(status, TestEmulator.Text(await test.JobAsync(await test.SubmitAsync()), "status"));
    }

    [Fact]
    public async Task A_job_that_fails_by_itself_has_no_fault()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            ApiKey = TestEmulator.ApiKey,
            GenerationTimeSec = 0,
            FailureRate = 1,
            Faults = new Dictionary<string, double> { ["JobCancelled"] = 1 },
        });

        Assert.Equal("FAILED", TestEmulator.Text(await test.JobAsync(await test.SubmitAsync()), "status"));
        Assert.Equal(0, test.Emulator.Counts.Faults);
    }

    [Fact]
    public async Task A_fault_of_a_job_counts_once_when_the_job_is_accepted()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(4, "JobStuck"));
        var id = await test.SubmitAsync(idempotencyKey: "k");
        await test.SubmitAsync(idempotencyKey: "k");
        await test.JobAsync(id);

        Assert.Equal(1, test.Emulator.Counts.FaultsByName["JobStuck"]);
    }

    private static async Task<List<(string, int)>> CourseAsync(TestEmulator test, params double[] steps)
    {
        var id = await test.SubmitAsync();
        var seen = new List<(string, int)>();
        foreach (var step in steps)
        {
            test.Clock.Advance(step);
            seen.Add(Told(await test.JobAsync(id)));
        }

        return seen;
    }

    private static (string Status, int Progress) Told(JsonNode job) => (TestEmulator.Text(job, "status"), (int)job["progress"]!);
}
