using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class LimitTests
{
    [Fact]
    public async Task Requests_over_the_limit_are_rejected_until_Retry_After_has_passed()
    {
        using var test = new TestEmulator(With(requestsPerMinute: 2));
        var id = await test.SubmitAsync();
        await test.JobAsync(id);

        test.Clock.Advance(6);
        using var refused = await test.GetAsync("/v2/jobs/" + id);

        await TestEmulator.AssertErrorAsync(refused, HttpStatusCode.TooManyRequests, "Too many requests");
        Assert.Equal(TimeSpan.FromSeconds(24), refused.Headers.RetryAfter!.Delta);
        test.Clock.Advance(24);
        await test.JobAsync(id);
        using var again = await test.GetAsync("/v2/jobs/" + id);
        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
    }

    [Fact]
    public async Task Image_files_do_not_count_against_the_limit()
    {
        using var test = new TestEmulator(With(requestsPerMinute: 2));
        var file = await test.CompletedFileAsync("resolution", "512px");

        for (var i = 0; i < 3; i++)
        {
            using var response = await test.Anonymous.GetAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Jobs_over_the_concurrent_limit_are_rejected_without_Retry_After_and_replays_are_not()
    {
        using var test = new TestEmulator(With(concurrentJobs: 2));
        var first = await test.SubmitAsync(idempotencyKey: "a");
        await test.SubmitAsync();

        using var refused = await test.PostAsync(TestEmulator.SmallestRequest);

        await TestEmulator.AssertErrorAsync(refused, HttpStatusCode.TooManyRequests, "Too many concurrent jobs");
        Assert.Null(refused.Headers.RetryAfter);
        Assert.Equal(first, await test.SubmitAsync(idempotencyKey: "a"));
        test.Clock.Advance(10);
        await test.SubmitAsync();
        Assert.Equal(3, test.Emulator.Counts.JobsAccepted);
    }

    [Theory]
    [InlineData(EmulatorProgress.Fine, new[] { 12, 45, 67, 89 })]
    [InlineData(EmulatorProgress.Coarse, new[] { 0, 25, 50, 75 })]
    [InlineData(EmulatorProgress.Stuck, new[] { 12, 37, 37, 37 })]
    [InlineData(EmulatorProgress.Zero, new[] { 0, 0, 0, 0 })]
    public async Task Progress_is_reported_as_configured(EmulatorProgress progress, int[] told)
    {
        using var test = new TestEmulator(With(progress: progress));
        var id = await test.SubmitAsync();

        foreach (var (seconds, expected) in new[] { 2.0, 3.0, 2.0, 2.0 }.Zip(told))
        {
            test.Clock.Advance(seconds);
            Assert.Equal(expected, (int)(await test.JobAsync(id))["progress"]!);
        }

        test.Clock.Advance(1);
        Assert.Equal(100, (int)(await test.JobAsync(id))["progress"]!);
    }

    private static BananaEmulatorOptions With(int requestsPerMinute = 0, int concurrentJobs = 0, EmulatorProgress progress = EmulatorProgress.Fine) => new()
    {
        ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0,
        RequestsPerMinute = requestsPerMinute, ConcurrentJobs = concurrentJobs, Progress = progress,
    };
}
