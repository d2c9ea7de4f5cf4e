using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Simulates the schedule with jobs of every duration that the service has, without a clock.</summary>
public sealed class PollScheduleTests
{
    private static readonly JobDuration Usual = new(12, 3);

    private static readonly Func<double, int?> Fine = share => share < 0.1 ? 0 : (int)(1 + ((share - 0.1) / 0.9 * 98));

    [Fact]
    public void With_exact_progress_the_end_is_found_within_250_ms_in_eight_requests()
    {
        List<(int Looks, double Late)> played = Play(9, 15, Fine);

        Assert.InRange(played.Max(job => job.Looks), 1, 8);
        Assert.InRange(Median(played), 0, 0.25);
    }

    public static TheoryData<string> PoorProgress => new("coarse", "stuck", "zero", "none");

    [Theory]
    [MemberData(nameof(PoorProgress))]
    public void With_inexact_progress_the_end_is_found_within_600_ms_in_twelve_requests(string kind)
    {
        List<(int Looks, double Late)> played = Play(9, 15, ProgressOf(kind));

        Assert.InRange(played.Max(job => job.Looks), 1, 12);
        Assert.InRange(Median(played), 0, 0.6);
    }

    [Theory]
    [MemberData(nameof(PoorProgress))]
    public void Durations_of_earlier_jobs_do_not_cause_more_requests(string kind)
    {
        var durations = new JobDurations();
        var random = new Random(1);
        var played = new List<(int Looks, double Late)>();
        for (int i = 0; i < 500; i++)
        {
            double length = 9 + (6 * random.NextDouble());
            played.Add(Play(length, ProgressOf(kind), durations.Expected(Job(0))));
            durations.Learn(Job(length));
        }

        Assert.InRange(played.Max(job => job.Looks), 1, 12);
        Assert.InRange(Median(played), 0, 0.6);
    }

    [Fact]
    public void Progress_finds_the_end_of_a_job_much_faster_or_slower_than_usual()
    {
        Assert.InRange(Median(Play(2.2, 4, Fine)), 0, 0.25);
        Assert.InRange(Median(Play(30, 60, Fine)), 0, 0.5);
    }

    [Fact]
    public void Two_requests_are_between_200_ms_and_5_seconds_apart()
    {
        foreach (double age in Enumerable.Range(0, 3000).Select(i => i / 10.0))
        {
            foreach (int? progress in new int?[] { null, 0, 1, 50, 99, 100 })
            {
                var schedule = new PollSchedule(Usual);
                schedule.Observe(age / 2, 1);
                schedule.Observe(age, progress);
                Assert.InRange(schedule.NextDelay(age), 0.2, 5);
            }
        }
    }

    [Fact]
    public void After_a_fast_job_the_first_request_is_sent_sooner()
    {
        var schedule = new PollSchedule(new JobDuration(6, 6, 1, Last: 0.4));

        Assert.Equal(0.44, schedule.NextDelay(0), precision: 3);
        Assert.Equal([0.5, 1, 0.5], new[] { 0.5, 1, 1.5 }.Select(age => Math.Round(schedule.NextDelay(age), 2)));
    }

    [Fact]
    public void After_a_job_that_was_not_fast_the_first_request_is_sent_after_two_seconds() =>
        Assert.Equal([2, 2], new double?[] { null, 9 }.Select(last => new PollSchedule(new JobDuration(10, 3, 1, last)).NextDelay(0)));

    [Fact]
    public void An_overdue_job_is_requested_less_and_less_often()
    {
        var schedule = new PollSchedule(Usual);

        Assert.Equal([0.9, 0.9, 2.4, 5], new[] { 13.0, 16, 24, 120 }.Select(age => Math.Round(schedule.NextDelay(age), 2)));
    }

    private static Func<double, int?> ProgressOf(string kind) => kind switch
    {
        "coarse" => share => Fine(share) / 25 * 25,
        "stuck" => share => share < 0.2 ? 0 : 37,
        "zero" => _ => 0,
        _ => _ => null,
    };

    private static BananaJob Job(double took) => new()
    {
        JobId = "1", Status = "COMPLETED", CreatedAt = DateTimeOffset.UnixEpoch, CompletedAt = DateTimeOffset.UnixEpoch.AddSeconds(took),
    };

    private static List<(int Looks, double Late)> Play(double shortest, double longest, Func<double, int?> progress) =>
        Enumerable.Range(0, 500).Select(i => Play(shortest + ((longest - shortest) * i / 500), progress, Usual)).ToList();

    private static (int Looks, double Late) Play(double length, Func<double, int?> progress, JobDuration usual)
    {
        var schedule = new PollSchedule(usual);
        double age = 0;
        for (int looks = 1; ; looks++)
        {
            age += schedule.NextDelay(age);
            if (age >= length)
            {
                return (looks, age - length);
            }

            schedule.Observe(age, progress(age / length));
        }
    }

    private static double Median(List<(int Looks, double Late)> played) => played.Select(job => job.Late).Order().ElementAt(played.Count / 2);
}
