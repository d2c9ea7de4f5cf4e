using System;
using System.Linq;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class RequestBudgetTests
{
    private readonly RequestBudget _budget = new();

    [Fact]
    public void After_a_burst_four_requests_a_second_are_allowed()
    {
        Assert.Equal(TimeSpan.Zero, _budget.Spend(120, TimeSpan.Zero, refusals: 0));
        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.Spend(1, TimeSpan.Zero, refusals: 0));
        Assert.Equal(TimeSpan.Zero, _budget.Spend(1, TimeSpan.FromSeconds(0.5), refusals: 0));
    }

    [Fact]
    public void Sixteen_accepted_submissions_allow_one_more_request()
    {
        _budget.Spend(120, TimeSpan.Zero, refusals: 0);
        Repeat(16, _budget.Earn);

        Assert.Equal(TimeSpan.Zero, _budget.Spend(1, TimeSpan.Zero, refusals: 0));
        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.Spend(1, TimeSpan.Zero, refusals: 0));
    }

    [Fact]
    public void Accepted_submissions_add_to_the_burst()
    {
        Repeat(1600, _budget.Earn);

        Assert.Equal(TimeSpan.Zero, _budget.Spend(220, TimeSpan.Zero, refusals: 0));
        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.Spend(1, TimeSpan.Zero, refusals: 0));
    }

    [Fact]
    public void A_pause_of_any_length_adds_at_most_one_burst()
    {
        Assert.Equal(TimeSpan.Zero, _budget.Spend(120, TimeSpan.FromHours(1), refusals: 0));
        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.Spend(1, TimeSpan.FromHours(1), refusals: 0));
        Assert.Equal(TimeSpan.Zero, _budget.Spend(119, TimeSpan.FromHours(2), refusals: 0));
        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.Spend(2, TimeSpan.FromHours(2), refusals: 0));
    }

    [Fact]
    public void A_rejection_ends_the_burst_and_halves_the_rate()
    {
        Assert.Equal(TimeSpan.Zero, _budget.Spend(1, TimeSpan.Zero, refusals: 1));
        Assert.Equal(TimeSpan.FromSeconds(0.5), _budget.Spend(1, TimeSpan.Zero, refusals: 1));
    }

    [Fact]
    public void Requests_that_are_rejected_together_halve_the_rate_once()
    {
        for (int refusals = 1; refusals <= 8; refusals++)
        {
            _budget.Spend(0, TimeSpan.Zero, refusals);
        }

        Assert.Equal(TimeSpan.FromSeconds(0.5), _budget.Spend(1, TimeSpan.Zero, refusals: 8));
    }

    [Fact]
    public void After_any_number_of_rejections_a_request_every_four_seconds_is_allowed()
    {
        TimeSpan now = TimeSpan.Zero;
        for (int refusals = 1; refusals <= 50; refusals++)
        {
            now += TimeSpan.FromSeconds(6);
            _budget.Spend(0, now, refusals);
        }

        Assert.InRange(_budget.Spend(1, now, refusals: 50).TotalSeconds, 2, 4);
    }

    [Fact]
    public void The_rate_increases_gradually_without_rejections()
    {
        _budget.Spend(0, TimeSpan.Zero, refusals: 1);
        double[] waits = [.. Enumerable.Range(1, 5).Select(i => SpendAll(TimeSpan.FromSeconds(60 * i)))];

        Assert.Equal(waits.OrderDescending(), waits);
        Assert.InRange(waits[0], 0.3, 0.4);
        Assert.Equal(0.25, waits[4], precision: 6);

        double SpendAll(TimeSpan now)
        {
            // Requests are made until none is available, because the wait has added some.
            TimeSpan owed = TimeSpan.Zero;
            while (owed == TimeSpan.Zero)
            {
                owed = _budget.Spend(1, now, refusals: 1);
            }

            return (_budget.Spend(1, now, refusals: 1) - owed).TotalSeconds;
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(120)]
    public void Two_watchers_share_an_unknown_limit_with_few_rejections(int perMinute)
    {
        var watchers = Enumerable.Range(0, 2).Select(_ => new Watcher()).ToArray();
        double left = perMinute;
        for (int tick = 0; tick < 30 * 60 * 20; tick++)
        {
            TimeSpan now = TimeSpan.FromSeconds(tick / 20.0);
            left = Math.Min(perMinute, left + (perMinute / 60.0 / 20));
            foreach (Watcher watcher in watchers)
            {
                if (watcher.Next > now)
                {
                    continue;
                }

                bool passes = left >= 1;
                left -= passes ? 1 : 0;
                watcher.Look(now, passes);
            }
        }

        Assert.All(watchers, watcher => Assert.InRange(watcher.Passed, perMinute * 30 * 0.25, perMinute * 30));
        Assert.InRange(watchers.Sum(watcher => watcher.Refused), 1, watchers.Sum(watcher => watcher.Passed) / 20);
    }

    private static void Repeat(int times, Action action)
    {
        for (int time = 0; time < times; time++)
        {
            action();
        }
    }

    /// <summary>A watcher that sends a request whenever its budget allows one.</summary>
    private sealed class Watcher
    {
        private readonly RequestBudget _budget = new();

        public TimeSpan Next { get; private set; }

        public int Passed { get; private set; }

        public int Refused { get; private set; }

        public void Look(TimeSpan now, bool passes)
        {
            _ = passes ? Passed++ : Refused++;
            TimeSpan wait = _budget.Spend(1, now, Refused);
            Next = now + (passes || wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1));
        }
    }
}
