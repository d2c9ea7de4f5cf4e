using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class JobTests
{
    [Fact]
    public async Task A_job_is_queued_for_a_tenth_of_its_time_then_runs_then_completes()
    {
        using var test = new TestEmulator();
        var id = await test.SubmitAsync();
        var seen = new List<(string, int)>();

        foreach (var step in new[] { 0, 0.999, 0.001, 4.5, 4.499, 0.001, 1000 })
        {
            test.Clock.Advance(step);
            var job = await test.JobAsync(id);
            seen.Add((TestEmulator.Text(job, "status"), (int)job["progress"]!));
        }

        Assert.Equal(
            [
                ("QUEUED", 0), ("QUEUED", 0), ("PROCESSING", 1), ("PROCESSING", 50), ("PROCESSING", 99), ("COMPLETED", 100),
                ("COMPLETED", 100),
            ],
            seen);
    }

    [Fact]
    public async Task A_running_job_has_every_documented_field()
    {
        using var test = new TestEmulator();
        var id = await test.SubmitAsync("""{"model":"nano-banana-pro","prompt":"Zürich 🍌","nanoBananaParams":{"resolution":"2K"}}""");
        test.Clock.Advance(2);

        var job = await test.JobAsync(id);

        Assert.True(JsonNode.DeepEquals(
            job,
            JsonNode.Parse($$"""
                {
                  "id": "{{id}}", "status": "PROCESSING", "model": "nano-banana-pro", "progress": 12, "result": null, "error": null,
                  "creditCost": 8, "webhookStatus": null, "createdAt": "2026-11-20T09:14:02.117Z", "completedAt": null, "expired": false,
                  "input": { "model": "nano-banana-pro", "prompt": "Zürich 🍌", "nanoBananaParams": { "resolution": "2K" } }
                }
                """)),
            job.ToJsonString());
    }

    [Theory]
    [InlineData("""
        {
          "model": "nano-banana-2", "prompt": "x",
          "nanoBananaParams": { "image_input": ["https://a.example/1.png?x=1&y=2", "https://a.example/2.png"], "google_search": true },
          "webhookUrl": "https://h.example/x", "webhookEvents": ["failed"]
        }
        """)]
    [InlineData("""{"model":"nano-banana-2","prompt":"x","nanoBananaParams":{"image_input":"https://a.example/1.png"},"webhook_url":"https://h.example/x"}""")]
    public async Task A_job_echoes_the_request_as_it_was_sent_and_a_list_does_not(string request)
    {
        using var test = new TestEmulator();

        var job = await test.JobAsync(await test.SubmitAsync(request));
        var listed = (await test.GetJsonAsync("/v2/jobs"))["jobs"]![0]!.AsObject();

        Assert.True(JsonNode.DeepEquals(job["input"], JsonNode.Parse(request)), job.ToJsonString());
        Assert.False(listed.ContainsKey("input"));
    }

    [Fact]
    public async Task With_HideInput_no_job_echoes_its_request()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, HideInput = true });

        var job = (await test.JobAsync(await test.SubmitAsync())).AsObject();

        Assert.False(job.ContainsKey("input"));
    }

    [Fact]
    public async Task A_completed_job_has_its_file_and_its_end_time()
    {
        using var test = new TestEmulator();
        var id = await test.SubmitWithAsync("output_format", "webp");
        test.Clock.Advance(60);

        var job = await test.JobAsync(id);

        Assert.Equal([$"{test.Emulator.BaseUri}files/{id}-1.webp"], job["result"]!["images"]!.AsArray().Select(url => (string)url!));
        Assert.Equal("2026-11-20T09:14:12.117Z", TestEmulator.Text(job, "completedAt"));
        Assert.Null(job["error"]);
    }

    [Fact]
    public async Task A_failed_job_has_its_error_and_costs_nothing()
    {
        using var test = new TestEmulator(TestEmulator.Options(failureRate: 1));
        var id = await test.SubmitAsync();
        test.Clock.Advance(10);

        var job = await test.JobAsync(id);

        Assert.Equal("FAILED", TestEmulator.Text(job, "status"));
        Assert.Equal("The provider declined the prompt (content policy)", TestEmulator.Text(job, "error"));
        Assert.Equal((0, 0), ((int)job["progress"]!, (int)job["creditCost"]!));
        Assert.Null(job["result"]);
        Assert.Equal("2026-11-20T09:14:12.117Z", TestEmulator.Text(job, "completedAt"));
    }

    [Fact]
    public async Task A_job_without_generation_time_is_completed_when_it_is_accepted()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 0 });

        Assert.Equal("COMPLETED", TestEmulator.Text(await test.JobAsync(await test.SubmitAsync()), "status"));
    }

    [Fact]
    public async Task A_job_is_found_by_its_ID_in_either_case()
    {
        using var test = new TestEmulator();
        var id = await test.SubmitAsync();

        Assert.Equal(id, TestEmulator.Text(await test.JobAsync(id.ToUpperInvariant()), "id"));
    }

    [Fact]
    public async Task An_ID_that_is_not_a_UUID_is_rejected()
    {
        using var test = new TestEmulator();

        using var response = await test.GetAsync("/v2/jobs/12");

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.BadRequest, "Job id must be a UUID");
    }

    [Fact]
    public async Task Returns_404_for_an_unknown_job()
    {
        using var test = new TestEmulator();

        using var response = await test.GetAsync("/v2/jobs/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90");

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.NotFound, "Job not found");
    }

    [Fact]
    public void The_same_seed_gives_the_same_times_failures_and_pictures()
    {
        Assert.Equal(Draw(seed: 3), Draw(seed: 3));
        Assert.NotEqual(Draw(seed: 3), Draw(seed: 4));

        static JobPlan[] Draw(int seed)
        {
            var planner = new JobPlanner(2, 0.25, 0.3, seed);
            return [.. Enumerable.Range(0, 50).Select(i => planner.Plan(i))];
        }
    }

    [Fact]
    public void Times_have_the_configured_mean_and_spread_and_failures_the_configured_rate()
    {
        var planner = new JobPlanner(2, 0.25, 0.3, seed: 1);

        var plans = Enumerable.Range(0, 10_000).Select(i => planner.Plan(i)).ToArray();

        Assert.All(plans, plan => Assert.InRange(plan.Duration.TotalSeconds, 1.5, 2.5));
        Assert.InRange(plans.Min(plan => plan.Duration.TotalSeconds), 1.5, 1.51);
        Assert.InRange(plans.Max(plan => plan.Duration.TotalSeconds), 2.49, 2.5);
        Assert.InRange(plans.Average(plan => plan.Duration.TotalSeconds), 1.98, 2.02);
        Assert.InRange(plans.Count(plan => plan.Error is not null), 2850, 3150);
        Assert.Equal(plans.Length, plans.Select(plan => plan.PictureSeed).Distinct().Count());
    }
}
