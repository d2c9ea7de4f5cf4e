using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class IdempotencyTests : IDisposable
{
    private readonly TestEmulator _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Same_key_and_same_request_give_the_first_job_and_cost_nothing()
    {
        var first = await _test.SubmitAsync(
            """{"model":"nano-banana","prompt":"é","nanoBananaParams":{"resolution":"1K","google_search":true}}""", "k");
        var second = await _test.SubmitAsync(
            """{ "nanoBananaParams": { "google_search": true, "resolution": "1K" }, "prompt": "\u00e9", "model": "nano-banana" }""", "k");

        Assert.Equal(first, second);
        Assert.Equal(1, _test.Emulator.Counts.JobsAccepted);
        Assert.Equal(1, _test.Emulator.Counts.Replays);
        Assert.Equal(5, _test.Emulator.Counts.CreditsBilled);
    }

    [Fact]
    public async Task A_replay_gives_the_state_the_job_has_reached()
    {
        await _test.SubmitAsync(idempotencyKey: "k");
        _test.Clock.Advance(10);

        using var replay = await _test.PostAsync(TestEmulator.SmallestRequest, "k");

        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        Assert.Equal("COMPLETED", TestEmulator.Text(await TestEmulator.JsonOf(replay), "status"));
    }

    [Fact]
    public async Task A_replay_is_answered_without_credits()
    {
        using var poor = new TestEmulator(TestEmulator.Options(credits: 5));
        var first = await poor.SubmitAsync(idempotencyKey: "k");

        Assert.Equal(first, await poor.SubmitAsync(idempotencyKey: "k"));
    }

    [Fact]
    public async Task Same_key_with_another_request_is_a_conflict()
    {
        await _test.SubmitAsync(idempotencyKey: "k");

        using var response = await _test.PostAsync("""{"model":"nano-banana-2","prompt":"another"}""", "k");

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.Conflict, "Idempotency-Key was used with another request body");
        Assert.Equal(1, _test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task Same_key_with_another_request_gives_the_first_job_where_the_key_alone_counts()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, AllowKeyReuse = true });
        var first = await test.SubmitAsync(idempotencyKey: "k");

        var second = await test.SubmitAsync("""{"model":"nano-banana","prompt":"another"}""", "k");

        Assert.Equal(first, second);
        Assert.Equal((1, 1), (test.Emulator.Counts.ImagesBilled, test.Emulator.Counts.Replays));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_24_hours_and_then_makes_a_new_job_that_is_billed()
    {
        var first = await _test.SubmitAsync(idempotencyKey: "k");
        _test.Clock.Advance(86399.999);
        var replayed = await _test.SubmitAsync(idempotencyKey: "k");

        _test.Clock.Advance(0.001);
        var second = await _test.SubmitAsync(idempotencyKey: "k");

        Assert.Equal(first, replayed);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await _test.SubmitAsync(idempotencyKey: "k"));
        Assert.Equal((2, 2), (_test.Emulator.Counts.ImagesBilled, _test.Emulator.Counts.Replays));
    }

    [Fact]
    public async Task A_key_lives_as_long_as_asked_for_and_then_takes_another_request()
    {
        using var forgetful = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, IdempotencyKeyLifetime = TimeSpan.FromMinutes(1) });
        var first = await forgetful.SubmitAsync(idempotencyKey: "k");
        forgetful.Clock.Advance(59);
        var replayed = await forgetful.SubmitAsync(idempotencyKey: "k");

        forgetful.Clock.Advance(1);

        Assert.Equal(first, replayed);
        Assert.NotEqual(first, await forgetful.SubmitAsync("""{"model":"nano-banana","prompt":"another"}""", "k"));
    }

    [Fact]
    public async Task Other_keys_and_no_keys_make_jobs_of_their_own()
    {
        string[] ids =
        [
            await _test.SubmitAsync(idempotencyKey: "k"),
            await _test.SubmitAsync(idempotencyKey: "K"),
            await _test.SubmitAsync(),
            await _test.SubmitAsync(),
        ];

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task Simultaneous_requests_with_one_key_make_one_job()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => _test.SubmitAsync(idempotencyKey: "k")));

        Assert.Single(ids.Distinct());
        Assert.Equal(1, _test.Emulator.Counts.JobsAccepted);
        Assert.Equal(63, _test.Emulator.Counts.Replays);
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        (await _test.PostAsync("""{"model":"nano-banana-2"}""", "k")).Dispose();

        await _test.SubmitAsync(idempotencyKey: "k");

        Assert.Equal(1, _test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        await _test.SubmitAsync(idempotencyKey: new string('k', 255));

        using var response = await _test.PostAsync(TestEmulator.SmallestRequest, new string('k', 256));

        await TestEmulator.AssertInvalidAsync(response, ("Idempotency-Key", "Must have at most 255 characters"));
    }
}
