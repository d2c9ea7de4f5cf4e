using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>Tests rejections that concern the account and not one prompt: after a configured number of jobs, all submissions are rejected.</summary>
public sealed class RefusalTests
{
    public static TheoryData<EmulatorRefusal, HttpStatusCode, string> Refusals => new()
    {
        { EmulatorRefusal.InvalidKey, HttpStatusCode.Unauthorized, "Invalid API key" },
        { EmulatorRefusal.InactiveKey, HttpStatusCode.Forbidden, "API key is inactive" },
        { EmulatorRefusal.RateLimit, HttpStatusCode.TooManyRequests, "Too many requests" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Submissions_are_rejected_after_the_configured_number_of_jobs_and_accepted_jobs_continue(
        EmulatorRefusal refusal, HttpStatusCode status, string error)
    {
        using var test = Refusing(refusal, after: 2);
        var first = await test.SubmitAsync(idempotencyKey: "a");
        Assert.Equal(first, await test.SubmitAsync(idempotencyKey: "a"));
        await test.SubmitAsync(idempotencyKey: "b");

        using var third = await test.PostAsync(TestEmulator.SmallestRequest, "c");
        using var replay = await test.PostAsync(TestEmulator.SmallestRequest, "a");
        using var invalid = await test.PostAsync("{}");

        await TestEmulator.AssertErrorAsync(third, status, error);
        await TestEmulator.AssertErrorAsync(replay, status, error);
        await TestEmulator.AssertErrorAsync(invalid, status, error);
        Assert.Equal(2, test.Emulator.Counts.JobsAccepted);
        test.Clock.Advance(10);
        Assert.Equal("COMPLETED", TestEmulator.Text(await test.JobAsync(first), "status"));
        await test.GetJsonAsync("/v2/me");
    }

    [Fact]
    public async Task The_first_submission_is_rejected_if_the_number_of_jobs_is_zero()
    {
        using var test = Refusing(EmulatorRefusal.RateLimit, after: 0);

        using var response = await test.PostAsync(TestEmulator.SmallestRequest);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.TooManyRequests, "Too many requests");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task At_most_the_configured_number_of_simultaneous_submissions_is_accepted()
    {
        using var test = Refusing(EmulatorRefusal.InvalidKey, after: 5);

        var responses = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => test.PostAsync(TestEmulator.SmallestRequest)));

        Assert.Equal(5, responses.Count(response => response.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(27, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task A_rejection_can_be_started_and_ended_on_the_running_emulator()
    {
        using var test = new TestEmulator();
        await test.SubmitAsync();

        test.Emulator.Refusal = EmulatorRefusal.InactiveKey;
        using var refused = await test.PostAsync(TestEmulator.SmallestRequest);
        test.Emulator.Refusal = EmulatorRefusal.None;
        await test.SubmitAsync();

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Throws<ArgumentOutOfRangeException>("Refusal", () => test.Emulator.Refusal = (EmulatorRefusal)9);
    }

    private static TestEmulator Refusing(EmulatorRefusal refusal, int after) => new(new BananaEmulatorOptions
    {
        ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0, Refusal = refusal, RefuseAfter = after,
    });
}
