using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalMatchTests
{
    private static readonly DateTimeOffset T = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    private static readonly ImageOptions Plain = new() { Model = "nano-banana-2" };

    [Fact]
    public void The_only_job_with_the_request_is_adopted() => Assert.Equal("job 1", Settle([Lost()], [Job(1)]));

    [Fact]
    public void A_request_without_a_job_in_the_account_was_never_accepted() => Assert.Equal("none", Settle([Lost()], []));

    [Theory]
    [InlineData(-5, "job 1")]
    [InlineData(0, "job 1")]
    [InlineData(60, "job 1")]
    [InlineData(-5.01, "none")]
    [InlineData(60.01, "none")]
    public void A_job_matches_only_if_it_was_created_at_the_time_of_the_attempt(double minutes, string result) => Assert.Equal(result, Settle([Lost()], [Job(1, minutes)]));

    [Fact]
    public void A_job_matches_if_it_was_created_at_any_time_that_the_request_was_sent() => Assert.Equal(
        "job 1", Settle([Lost() with { Intents = [new Intent(T, []), new Intent(T.AddHours(10), [])] }], [Job(1, 630)]));

    [Fact]
    public void A_job_without_a_creation_time_matches() => Assert.Equal(
        "job 1", Settle([Lost()], [new BananaJob { JobId = JournalBench.JobId(1), Prompt = "A kite", Options = Plain }]));

    [Fact]
    public void More_jobs_than_open_attempts_are_a_doubt() => Assert.Equal("doubt", Settle([Lost()], [Job(1), Job(2)]));

    [Fact]
    public void Equal_images_get_one_job_each_and_the_remaining_ones_were_never_accepted() =>
        Assert.Equal("job 1, job 2, none", Settle([Lost(1), Lost(2), Lost(3)], [Job(1), Job(2)]));

    [Fact]
    public void Equal_images_of_different_times_get_the_jobs_of_their_own_times() => Assert.Equal(
        "job 2, job 1", Settle([Lost(1, minutes: 300), Lost(2)], [Job(1), Job(2, 310)]));

    [Fact]
    public void Two_jobs_from_the_time_of_one_of_two_equal_images_are_a_doubt() => Assert.Equal(
        "job 1, doubt", Settle([Lost(1), Lost(2, minutes: 300)], [Job(1), Job(2)]));

    [Fact]
    public void A_list_that_does_not_reach_back_far_enough_is_a_doubt_even_with_a_matching_job() =>
        Assert.Equal("doubt", Settle([Lost()], [Job(1)], isComplete: false));

    [Fact]
    public void A_job_without_its_request_is_a_doubt_even_if_another_job_matches() => Assert.Equal(
        "doubt", Settle([Lost()], [Job(1), Job(2, prompt: null)]));

    [Fact]
    public void A_job_without_its_request_is_ignored_if_its_time_or_model_differs() => Assert.Equal(
        "job 1", Settle([Lost()], [Job(1), Job(2, minutes: 90, prompt: null), Job(3, prompt: null, options: Plain with { Model = "flux-pro" })]));

    [Fact]
    public void An_attempt_with_a_time_in_the_future_is_a_doubt() => Assert.Equal("doubt", Settle([Lost(minutes: 60 * 100)], []));

    [Fact]
    public void An_attempt_with_one_of_its_times_in_the_future_is_a_doubt_unless_two_clocks_can_differ_by_that_time()
    {
        Assert.Equal("doubt", Settle([Lost() with { Intents = [new Intent(T, []), new Intent(T.AddDays(3), [])] }], []));
        Assert.Equal("none", Settle([Lost() with { Intents = [new Intent(T.AddDays(2) + JournalPlan.ClockMargin, [])] }], []));
    }

    [Fact]
    public void A_job_belongs_to_an_attempt_if_its_time_and_its_request_match()
    {
        Assert.True(JournalMatch.IsOf(Lost(), Job(1)));
        Assert.False(JournalMatch.IsOf(Lost(), Job(1, minutes: 90)));
        Assert.False(JournalMatch.IsOf(Lost(), Job(1, prompt: "Another")));
        Assert.Null(JournalMatch.IsOf(Lost(), Job(1, prompt: null)));
    }

    [Fact]
    public void While_an_equal_image_is_being_submitted_a_matching_job_is_a_doubt()
    {
        Assert.Equal("doubt", Settle([Lost()], [Job(1)], others: [Lost(2)]));
        Assert.Equal("none", Settle([Lost()], [], others: [Lost(2)]));
        Assert.Equal("job 1", Settle([Lost()], [Job(1)], others: [Lost(2) with { Place = new JournalPlace("another", 2) }]));
    }

    [Fact]
    public void No_matching_job_for_a_key_that_the_service_knows_is_a_doubt()
    {
        JournalEntry taken = Lost() with { State = JournalEntryState.Refused, Error = "Conflict" };

        Assert.Equal("doubt", Settle([taken], []));
        Assert.Equal("job 1", Settle([taken], [Job(1)]));
    }

    [Theory]
    [InlineData("A kite", "job 1")]
    [InlineData(" A kite\u0007\n", "job 1")]
    [InlineData("a kite", "none")]
    [InlineData("A kite.", "none")]
    public void A_job_matches_only_with_the_same_prompt(string prompt, string result) => Assert.Equal(result, Settle([Lost()], [Job(1, prompt: prompt)]));

    [Fact]
    public void A_prompt_that_is_masked_in_a_response_still_matches() =>
        Assert.Equal("job 1", Settle([Lost() with { Prompt = "The sign says afk_away" }], [Job(1, prompt: "The sign says afk_***")]));

    public static TheoryData<string, ImageOptions, ImageOptions> Options => new()
    {
        { "job 1", Plain with { Resolution = "2K" }, Plain with { Resolution = "2K" } },
        { "job 1", Plain with { Resolution = "2K" }, Plain with { Resolution = "2k" } },
        { "none", Plain with { Resolution = "2K" }, Plain with { Resolution = "4K" } },
        { "doubt", Plain with { Resolution = "2K" }, Plain },
        { "none", Plain, Plain with { Model = "nano-banana-pro" } },
        { "doubt", Plain, new ImageOptions() },
        // A service may return its default values for options that were not specified.
        { "job 1", Plain, Plain with { Resolution = "1K", OutputFormat = "jpg" } },
        { "job 1", Plain with { Resolution = "1K", OutputFormat = "jpg" }, Plain },
        { "doubt", Plain, Plain with { Resolution = "2K" } },
        { "doubt", Plain, Plain with { AspectRatio = "1:1" } },
        { "doubt", Plain with { AspectRatio = "1:1" }, Plain },
        { "none", Plain with { AspectRatio = "1:1" }, Plain with { AspectRatio = "16:9" } },
        { "none", Plain with { OutputFormat = "png" }, Plain with { OutputFormat = "webp" } },
        { "job 1", Plain with { GoogleSearch = true, ImageSearch = true }, Plain with { GoogleSearch = true, ImageSearch = true } },
        { "doubt", Plain with { GoogleSearch = true }, Plain },
        { "none", Plain, Plain with { ImageSearch = true } },
        { "job 1", Plain with { ReferenceImage = ["https://a.example/1"] }, Plain with { ReferenceImage = ["https://a.example/1"] } },
        { "none", Plain with { ReferenceImage = ["https://a.example/1"] }, Plain with { ReferenceImage = ["https://a.example/2"] } },
        { "doubt", Plain with { ReferenceImage = ["https://a.example/1"] }, Plain },
        { "none", Plain, Plain with { ReferenceImage = ["https://a.example/2"] } },
        { "none", Plain with { ReferenceImage = ["https://a.example/1", "https://a.example/2"] }, Plain with { ReferenceImage = ["https://a.example/2", "https://a.example/1"] } },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_must_be_the_same_and_a_missing_option_is_unclear(string result, ImageOptions given, ImageOptions told) =>
        Assert.Equal(result, Settle([Lost(options: given)], [Job(1, options: told)]));

    public static TheoryData<string, string[]> Uploads => new()
    {
        { "job 1", ["https://a.example/1", "https://cdn.example.net/sent.png"] },
        { "job 1", ["https://a.example/1", "https://cdn.example.net/of-another-run.png"] },
        { "none", ["https://a.example/2", "https://cdn.example.net/sent.png"] },
        { "none", ["https://a.example/1"] },
        { "doubt", [] },
    };

    [Theory]
    [MemberData(nameof(Uploads))]
    public void A_job_matches_although_its_upload_has_another_address(string result, string[] told) =>
        Assert.Equal(result, Settle([Local(1, "f", "sent.png", withUrl: true)], [Job(1, options: Plain with { ReferenceImage = told })]));

    [Fact]
    public void A_job_without_references_matches_if_all_references_were_uploads() => Assert.Equal("job 1", Settle([Local(1, "f", "sent.png")], [Job(1)]));

    [Fact]
    public void Images_of_different_files_are_distinguished_by_the_addresses_that_were_sent() => Assert.Equal(
        "job 2, job 1", Settle([Local(1, "f", "f.png"), Local(1, "g", "g.png")], [Job(1, options: Upload("g.png")), Job(2, options: Upload("f.png"))]));

    [Fact]
    public void A_job_that_can_belong_to_either_of_two_files_is_a_doubt_for_both()
    {
        Assert.Equal("doubt, doubt", Settle([Local(1, "f", "f.png"), Local(1, "g", "g.png")], [Job(1)]));
        Assert.Equal("doubt, doubt", Settle([Local(1, "f", "f.png"), Local(1, "g", "g.png")], [Job(1, options: Upload("other.png"))]));
    }

    [Fact]
    public void When_an_address_identifies_one_of_two_files_the_other_job_belongs_to_the_other_file() => Assert.Equal(
        "job 1, job 2", Settle([Local(1, "f", "f.png"), Local(1, "g", "g.png")], [Job(1, options: Upload("f.png")), Job(2, options: Upload("other.png"))]));

    [Fact]
    public void Every_attempt_gets_one_result_and_no_job_is_adopted_twice()
    {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++)
        {
            JournalEntry[] lost = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => random.Next(3) switch
            {
                0 => Lost(i, random.Next(200)),
                1 => Lost(i, random.Next(200), Plain with { Resolution = "2K" }) with { Place = new JournalPlace("2K", i) },
                _ => Local(i, "local" + random.Next(2), "sent.png") with { Intents = [new Intent(T.AddMinutes(random.Next(200)), ["https://cdn.example.net/sent.png"])] },
            })];
            BananaJob[] jobs = [.. Enumerable.Range(1, random.Next(6)).Select(i => Job(i, random.Next(200), random.Next(20) == 0 ? null : "A kite", random.Next(4) switch
            {
                0 => Plain with { Resolution = "2K" },
                1 => Upload("sent.png"),
                2 => Upload("other.png"),
                _ => Plain,
            }))];

            IReadOnlyList<Reconciled> results = JournalMatch.Settle(lost, [], new AccountJobs(jobs, IsComplete: true), T.AddDays(2));

            Assert.Equal(lost.Length, results.Select(result => result.Attempt).Distinct().Count());
            Assert.Equal(lost.Length, results.Count);
            BananaJob[] adopted = [.. results.Select(result => result.Job).OfType<BananaJob>()];
            Assert.Equal(adopted.Length, adopted.Distinct().Count());
            // No image is submitted again while a job that nobody adopted may be that image.
            Assert.All(results.Where(result => result is { Job: null, Doubt: null }), none =>
                Assert.DoesNotContain(jobs.Except(adopted), job => Settle([none.Attempt], [job]) != "none"));
        }
    }

    private static string Settle(JournalEntry[] lost, BananaJob[] jobs, JournalEntry[]? others = null, bool isComplete = true)
    {
        IReadOnlyList<Reconciled> results = JournalMatch.Settle(lost, others ?? [], new AccountJobs(jobs, isComplete), T.AddDays(2));
        Assert.Equal(lost.Length, results.Count);
        return string.Join(", ", lost.Select(attempt => results.Single(result => result.Attempt == attempt) switch
        {
            { Job: { } job } => "job " + Convert.ToInt32(job.JobId.Split('-')[0], 16),
            { Doubt: not null } => "doubt",
            _ => "none",
        }));
    }

    private static JournalEntry Lost(int ordinal = 1, double minutes = 0, ImageOptions? options = null) => new()
    {
        Owner = JournalBench.Journal, State = JournalEntryState.Intended, Key = "k" + ordinal, Place = new JournalPlace("f", ordinal), Attempt = 1,
        Prompt = "A kite", Options = options ?? Plain, Intents = [new Intent(T.AddMinutes(minutes), (options ?? Plain).ReferenceImage)],
    };

    private static JournalEntry Local(int ordinal, string fingerprint, string sent, bool withUrl = false) => Lost(ordinal) with
    {
        Key = fingerprint + ordinal,
        Place = new JournalPlace(fingerprint, ordinal),
        Options = Plain with { ReferenceImage = withUrl ? ["https://a.example/1", "/refs/a.png"] : ["/refs/a.png"] },
        LocalReferences = [withUrl ? 1 : 0],
        Intents = [new Intent(T, withUrl ? ["https://a.example/1", "https://cdn.example.net/" + sent] : ["https://cdn.example.net/" + sent])],
    };

    private static ImageOptions Upload(string name) => Plain with { ReferenceImage = ["https://cdn.example.net/" + name] };

    private static BananaJob Job(int number, double minutes = 1, string? prompt = "A kite", ImageOptions? options = null) =>
        new() { JobId = JournalBench.JobId(number), Prompt = prompt, Options = options ?? Plain, CreatedAt = T.AddMinutes(minutes), IsTold = true };
}
