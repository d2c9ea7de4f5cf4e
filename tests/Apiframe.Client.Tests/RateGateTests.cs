using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Connection;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class RateGateTests
{
    private static readonly TimeSpan LongTime = TimeSpan.FromMinutes(10);

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task An_open_gate_lets_calls_through_at_once()
    {
        await new RateGate(_clock).WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);

        Assert.Empty(_clock.Delays);
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(2, 5)]
    public async Task The_longest_of_two_holds_counts(int first, int second)
    {
        var gate = new RateGate(_clock);
        gate.Hold(TimeSpan.FromSeconds(first));
        gate.Hold(TimeSpan.FromSeconds(second));

        await gate.WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);

        Assert.Equal([TimeSpan.FromSeconds(5)], _clock.Delays);
    }

    [Fact]
    public async Task A_hold_ends_after_its_time()
    {
        var gate = new RateGate(_clock);
        gate.Hold(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(5));

        await gate.WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);

        Assert.Empty(_clock.Delays);
    }

    [Fact]
    public async Task Calls_that_waited_continue_one_after_the_other()
    {
        var gate = new RateGate(_clock);
        gate.Hold(TimeSpan.FromSeconds(5));

        for (int i = 0; i < 3; i++)
        {
            await gate.WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);
        }

        Assert.Equal([5000, 20, 20], _clock.Delays.Select(delay => delay.TotalMilliseconds));
    }

    [Fact]
    public async Task Calls_are_not_spaced_before_the_first_rejection()
    {
        var gate = new RateGate(_clock);

        for (int i = 0; i < 3; i++)
        {
            await gate.WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);
        }

        Assert.Empty(_clock.Delays);
    }

    [Fact]
    public async Task A_hold_that_is_longer_than_the_caller_waits_is_returned_at_once()
    {
        var gate = new RateGate(_clock);
        gate.Hold(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(5), await gate.WaitAsync(TimeSpan.FromSeconds(4), goesFirst: false, TestContext.Current.CancellationToken));
        Assert.Empty(_clock.Delays);
        Assert.Equal(TimeSpan.Zero, await gate.WaitAsync(TimeSpan.FromSeconds(5), goesFirst: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_spacing_of_calls_is_not_a_hold()
    {
        var gate = new RateGate(_clock);
        gate.Hold(TimeSpan.FromSeconds(5));
        await gate.WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.Zero, await gate.WaitAsync(TimeSpan.Zero, goesFirst: false, TestContext.Current.CancellationToken));
        Assert.Equal([5000, 20], _clock.Delays.Select(delay => delay.TotalMilliseconds));
    }

    [Fact]
    public async Task A_wait_without_a_timeout_is_possible()
    {
        var gate = new RateGate(_clock);
        gate.Hold(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.Zero, await gate.WaitAsync(TimeSpan.MaxValue, goesFirst: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Submissions_and_status_requests_that_wait_at_the_same_time_all_pass()
    {
        var clock = new SteppedClock();
        var gate = new RateGate(clock);
        gate.Hold(TimeSpan.FromSeconds(5));
        Task<TimeSpan>[] calls = [.. Enumerable.Range(0, 40).Select(i => gate.WaitAsync(LongTime, goesFirst: i % 4 > 0, TestContext.Current.CancellationToken))];

        await clock.RunUntil(Task.WhenAll(calls));

        Assert.All(calls, call => Assert.Equal(TimeSpan.Zero, call.Result));
        Assert.InRange(clock.Elapsed.TotalSeconds, 5 + (39 * 0.02), double.MaxValue);
    }

    [Fact]
    public async Task A_submission_that_gives_up_does_not_block_the_others()
    {
        var clock = new SteppedClock();
        var gate = new RateGate(clock);
        gate.Hold(TimeSpan.FromSeconds(5));
        using var stop = new CancellationTokenSource();
        Task submission = gate.WaitAsync(LongTime, goesFirst: true, stop.Token);
        Task<TimeSpan> status = gate.WaitAsync(LongTime, goesFirst: false, TestContext.Current.CancellationToken);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission);
        await clock.RunUntil(status);

        Assert.Equal(TimeSpan.Zero, await status);
    }
}
