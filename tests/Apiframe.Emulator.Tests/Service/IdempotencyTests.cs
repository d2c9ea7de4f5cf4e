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
    public async Task The_same_key_and_request_return_the_first_job_and_cost_nothing()
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
    public async Task A_replay_returns_the_current_status_of_the_job()
    {
        await _test.SubmitAsync(idempotencyKey: "k");
        _test.Clock.Advance(10);

        using var replay = await _test.PostAsync(TestEmulator.SmallestRequest, "k");

        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        Assert.Equal("COMPLETED", TestEmulator.Text(await TestEmulator.JsonOf(replay), "status"));
    }

    [Fact]
    public async Task A_replay_is_accepted_without_credits()
    {
        using var poor = new TestEmulator(TestEmulator.Options(credits: 5));
        var first = await poor.SubmitAsync(idempotencyKey: "k");

        Assert.Equal(first, await poor.SubmitAsync(idempotencyKey: "k"));
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_a_conflict()
    {
        await _test.SubmitAsync(idempotencyKey: "k");

        using var response = await _test.PostAsync("""{"model":"nano-banana-2","prompt":"another"}""", "k");

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.Conflict, "Idempotency-Key was used with another request body");
        Assert.Equal(1, _test.Emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task The_same_key_with_another_request_returns_the_first_job_if_requests_are_not_compared()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, AllowKeyReuse = true });
        var first = await test.SubmitAsync(idempotencyKey: "k");

        var second = await test.SubmitAsync("""{"model":"nano-banana","prompt":"another"}""", "k");

        Assert.Equal(first, second);
        Assert.Equal((1, 1), (test.Emulator.Counts.ImagesBilled, test.Emulator.Counts.Replays));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_24_hours_and_then_creates_a_new_billed_job()
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
    public async Task A_key_has_the_configured_lifetime_and_then_accepts_another_request()
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
    public async Task Each_other_key_and_each_request_without_a_key_creates_its_own_job()
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
    public async Task Simultaneous_requests_with_one_key_create_one_job()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => _test.SubmitAsync(idempotencyKey: "k")));

        Assert.Single(ids.Distinct());
        Assert.Equal(1, _test.Emulator.Counts.JobsAccepted);
        Assert.Equal(63, _test.Emulator.Counts.Replays);
    }

    [Fact]
    public async Task A_rejected_request_does_not_use_its_key()
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
