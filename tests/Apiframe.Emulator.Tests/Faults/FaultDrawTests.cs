using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apiframe.Emulator.Faults;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Faults;

public sealed class FaultDrawTests
{
    [Fact]
    public void Every_fault_has_a_name_of_its_own()
    {
        Assert.Equal(48, EmulatorFaults.Names.Count);
        Assert.Equal(48, EmulatorFaults.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(("ConnectionRefused", "JobUnavailable"), (EmulatorFaults.Names[0], EmulatorFaults.Names[^1]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_faults_and_another_seed_gives_others()
    {
        Assert.Equal(Requests(seed: 3), Requests(seed: 3));
        Assert.NotEqual(Requests(seed: 3), Requests(seed: 4));

        static string?[] Requests(int seed) => Draw(FaultTable.Requests, seed, ("AnswerLost", 0.3), ("SlowAnswer", 0.2));
    }

    [Fact]
    public void Faults_occur_at_their_rates()
    {
        var drawn = Draw(FaultTable.Requests, seed: 1, ("AnswerLost", 0.3), ("SlowAnswer", 0.2), ("WrongJson", 0));

        Assert.InRange(drawn.Count(name => name == "AnswerLost"), 2850, 3150);
        Assert.InRange(drawn.Count(name => name == "SlowAnswer"), 1850, 2150);
        Assert.InRange(drawn.Count(name => name is null), 4850, 5150);
    }

    [Fact]
    public void A_fault_with_rate_0_never_occurs_and_with_rate_1_always()
    {
        Assert.All(Draw(FaultTable.Jobs, seed: 5, ("JobStuck", 0)), Assert.Null);
        Assert.All(Draw(FaultTable.Jobs, seed: 5, ("JobStuck", 1)), name => Assert.Equal("JobStuck", name));
    }

    [Fact]
    public void Faults_of_jobs_requests_and_downloads_are_independent()
    {
        var jobs = Draw(FaultTable.Jobs, seed: 6, ("JobStuck", 0.5));
        var requests = Draw(FaultTable.Requests, seed: 6, ("AnswerLost", 0.5));
        var downloads = Draw(FaultTable.Downloads, seed: 6, ("DownloadCut", 0.5));

        Assert.InRange(jobs.Zip(requests).Count(pair => pair.First is null == pair.Second is null), 4850, 5150);
        Assert.InRange(jobs.Zip(downloads).Count(pair => pair.First is null == pair.Second is null), 4850, 5150);
        Assert.InRange(requests.Zip(downloads).Count(pair => pair.First is null == pair.Second is null), 4850, 5150);
    }

    [Fact]
    public void Faults_of_jobs_do_not_change_times_failures_or_pictures()
    {
        var rates = new Dictionary<string, double> { ["JobStuck"] = 0.5 };
        var without = new JobPlanner(2, 0.25, 0.3, seed: 7);
        var with = new JobPlanner(2, 0.25, 0.3, seed: 7, faultOf: ordinal => FaultTable.Jobs.Draw(rates, 7, ordinal)?.Fault(TimeSpan.FromSeconds(2)));

        for (var i = 0; i < 100; i++)
        {
            var (plain, faulty) = (without.Plan(i), with.Plan(i));
            Assert.Equal((plain.Duration, plain.Error, plain.PictureSeed), (faulty.Duration, faulty.Error, faulty.PictureSeed));
        }
    }

    [Fact]
    public async Task An_emulator_applies_the_faults_of_its_seed_in_the_order_of_requests()
    {
        var rates = new Dictionary<string, double> { ["Error500Empty"] = 0.3, ["Error503Empty"] = 0.3 };
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, Seed = 8, Faults = rates });
        var expected = Draw(FaultTable.Requests, seed: 8, ("Error500Empty", 0.3), ("Error503Empty", 0.3))
            .Take(50).Select(name => name switch { "Error500Empty" => 500, "Error503Empty" => 503, _ => 200 });

        var statuses = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            using var response = await test.GetAsync("/v2/me");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal(expected, statuses);
    }

    [Fact]
    public void Returns_the_faults_that_it_was_started_with()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            Faults = new Dictionary<string, double> { ["answerlost"] = 0.25 },
            FaultDurationSec = 0.5,
        });

        Assert.Equal(("AnswerLost", 0.25), Assert.Single(test.Emulator.Faults.Select(pair => (pair.Key, pair.Value))));
        Assert.Equal(0.5, test.Emulator.FaultDurationSec);
    }

    public static TheoryData<Dictionary<string, double>, string> BadFaults() => new()
    {
        { new() { ["AnswerLots"] = 0.1 }, "'AnswerLots' is not a fault. The names of the faults are ConnectionRefused, ResetBeforeAcceptance, " },
        { new() { ["AnswerLost"] = 1.5 }, "AnswerLost is 1.5. The rate must be from 0 to 1." },
        { new() { ["answerlost"] = -0.1 }, "AnswerLost is -0.1. The rate must be from 0 to 1." },
        { new() { ["AnswerLost"] = double.NaN }, "AnswerLost is NaN. The rate must be from 0 to 1." },
        { new() { ["AnswerLost"] = 0.1, ["answerlost"] = 0.1 }, "AnswerLost is specified twice. Each fault can be specified only once." },
        { new() { ["AnswerLost"] = 0.75, ["SlowAnswer"] = 0.5 }, "The request faults add up to 1.25. Their total must be from 0 to 1" },
        { new() { ["DownloadCut"] = 0.75, ["DownloadSlow"] = 0.5 }, "The download faults add up to 1.25. Their total must be from 0 to 1" },
        { new() { ["JobStuck"] = 0.75, ["JobFailed"] = 0.5 }, "The job faults add up to 1.25. Their total must be from 0 to 1" },
    };

    [Theory]
    [MemberData(nameof(BadFaults), DisableDiscoveryEnumeration = true)]
    public void Rejects_faults_that_are_not_valid_and_says_what_is_allowed(Dictionary<string, double> faults, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("Faults", () => BananaEmulator.Start(new BananaEmulatorOptions { Faults = faults }));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepts_rates_that_add_up_to_1_within_each_group()
    {
        var rates = FaultTable.Requests.Names.Take(10).ToDictionary(name => name, _ => 0.1);
        rates["DownloadCut"] = 1;
        rates["JobStuck"] = 1;

        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { Faults = rates });

        Assert.Equal(12, emulator.Faults.Count);
    }

    [Theory]
    [InlineData(-1, "FaultDurationSec is -1. The value must be from 0 to 86400 seconds.")]
    [InlineData(86401, "FaultDurationSec is 86401. The value must be from 0 to 86400 seconds.")]
    public void Rejects_a_duration_outside_its_range(double duration, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "FaultDurationSec", () => BananaEmulator.Start(new BananaEmulatorOptions { FaultDurationSec = duration }));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static string?[] Draw<TFault>(FaultGroup<TFault> group, int seed, params (string Name, double Rate)[] rates)
    {
        var byName = rates.ToDictionary(pair => pair.Name, pair => pair.Rate);
        return [.. Enumerable.Range(0, 10_000).Select(i => group.Draw(byName, seed, i)?.Name)];
    }
}
