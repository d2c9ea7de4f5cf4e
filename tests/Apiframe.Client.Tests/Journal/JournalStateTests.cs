using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalStateTests
{
    private static readonly DateTimeOffset T = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly string Job = JournalBench.JobId(1);
    private static readonly string Other = JournalBench.JobId(2);

    [Fact]
    public void An_image_is_intended_then_accepted_then_completed_then_saved()
    {
        JournalEvent[] life = [Intended("k"), Accepted("k", Job), Completed(Job), Saved(Job)];

        JournalEntry[] entries = [.. Enumerable.Range(1, 4).Select(count => Fold(life.Take(count)).Entries.Single())];

        Assert.Equal(
            [JournalEntryState.Intended, JournalEntryState.Accepted, JournalEntryState.Completed, JournalEntryState.Saved], entries.Select(entry => entry.State));
        Assert.Equal((null, null, null), (entries[0].SavedAt, entries[0].File, entries[0].ReferenceImage));
        JournalEntry last = entries[3];
        Assert.Equal(("A kite", "nano-banana-2", "2K", Job, "k"), (last.Prompt, last.Model, last.Resolution, last.JobId, last.IdempotencyKey));
        Assert.Equal((T, T.AddSeconds(1), T.AddSeconds(2), T.AddSeconds(3)), (last.IntendedAt, last.AcceptedAt, last.CompletedAt, last.SavedAt));
        Assert.Equal((9m, T.AddMilliseconds(5)), (last.CreditCost!.Value, last.CreatedAt!.Value));
        Assert.Equal(Path.Combine(JournalBench.Journal.Folder, "images", "kite.png"), last.File);
        Assert.Equal(JournalBench.Journal.Path, last.Journal);
    }

    [Fact]
    public void A_saved_image_stays_saved_when_its_job_is_noted_again() =>
        Assert.Equal(JournalEntryState.Saved, Fold(Intended("k"), Accepted("k", Job), Saved(Job), Completed(Job)).Entries.Single().State);

    [Fact]
    public void A_job_with_two_images_is_saved_when_both_images_are_saved()
    {
        JournalEvent[] life =
            [Accepted("k", Job), Completed(Job) with { ImageCount = 2 }, Saved(Job), Saved(Job), Saved(Job) with { Index = 1, File = "b.png", At = T.AddSeconds(4) }];

        Assert.Equal(JournalEntryState.Completed, Fold(life.Take(4)).Entries.Single().State);
        Assert.Equal(JournalEntryState.Saved, Fold(life).Entries.Single().State);
        Assert.Equal((2, T.AddSeconds(4)), (Fold(life).Entries.Single().Files.Count, Fold(life).Entries.Single().SavedAt!.Value));
    }

    [Fact]
    public void Two_records_of_a_file_are_equal_if_their_values_are_equal_wherever_they_come_from()
    {
        JournalFile file = Fold(Accepted("k", Job), Saved(Job)).Entries.Single().Files.Single();
        var same = new JournalFile(file.Index, file.File, file.Length, file.Sha256, file.SavedAt);

        Assert.Equal(file, same);
        Assert.Equal(file.GetHashCode(), same.GetHashCode());
        Assert.Equal(file, Fold(Accepted("k", Job), Saved(Job)).Entries.Single().Files.Single());
        Assert.All(
            [same with { Index = 1 }, same with { File = file.File + "x" }, same with { Length = file.Length + 1 }, same with { Sha256 = "0" }, same with { SavedAt = T }],
            other => Assert.NotEqual(file, other));
        Assert.NotEqual(file, Fold(Accepted("k", Job), Saved(Job) with { File = "images/boat.png" }).Entries.Single().Files.Single());
        Assert.NotEqual(new JournalFile(Saved(Job), Path.GetFullPath("one")), new JournalFile(Saved(Job), Path.GetFullPath("other")));
    }

    [Theory]
    [InlineData("FAILED", null, true)]
    [InlineData("FAILED", 0, true)]
    [InlineData("FAILED", 8, false)]
    [InlineData("CANCELLED", 0, true)]
    [InlineData("CANCELLED", 8, false)]
    [InlineData("CANCELLED", null, false)]
    public void A_job_is_refunded_if_it_failed_or_was_canceled_without_a_cost(string status, int? cost, bool isRefunded)
    {
        JournalEntry entry = Fold(Accepted("k", Job), new JournalEvent.Ended(T, Job, status) { CreditCost = cost, Error = "Declined" }).Entries.Single();

        Assert.Equal((status, isRefunded, "Declined"), (entry.State.ToString().ToUpperInvariant(), entry.IsRefunded, entry.Error));
    }

    [Fact]
    public void The_response_to_a_submission_does_not_end_a_job() =>
        Assert.Equal((JournalEntryState.Accepted, false), (Fold(Accepted("k", Job, "FAILED")).Entries.Single() is var entry ? (entry.State, entry.IsRefunded) : default));

    [Fact]
    public void The_last_attempt_represents_the_image_and_the_jobs_of_all_attempts_are_known()
    {
        JournalState state = Fold(
            Intended("k1"), Intended("other") with { Ordinal = 2 }, Accepted("k1", Job), new JournalEvent.Ended(T, Job, "FAILED"),
            Intended("k2") with { Attempt = 2 }, Accepted("k2", Other));

        Assert.Equal([(1, "k2", 2), (2, "other", 1)], state.Entries.Select(entry => (entry.Ordinal, entry.IdempotencyKey!, entry.Attempt)));
        Assert.Equal([Job, Other], state.Attempts.Select(attempt => attempt.JobId).OfType<string>());
    }

    [Fact]
    public void The_properties_of_an_earlier_attempt_are_not_carried_over_to_the_next() =>
        Assert.Equal(
            (JournalEntryState.Intended, null, null, null),
            Fold(Intended("k1"), Accepted("k1", Job), Completed(Job), Intended("k2") with { Attempt = 2 }).Entries.Single() is var entry
                ? (entry.State, entry.JobId, entry.CreditCost, entry.Error) : default);

    [Fact]
    public void A_job_whose_intent_is_lost_is_known()
    {
        JournalState state = Fold(Accepted("k", Job), Saved(Job));

        Assert.Equal((Job, "k", null, JournalEntryState.Saved), (state.Entries.Single() is var entry ? (entry.JobId, entry.IdempotencyKey, entry.Prompt, entry.State) : default));
    }

    [Fact]
    public void A_job_whose_acceptance_is_lost_is_known() =>
        Assert.Equal([(null, "k"), (Job, null)], Fold(Intended("k"), Completed(Job)).Entries.Select(entry => (entry.JobId, entry.IdempotencyKey)));

    [Fact]
    public void Two_jobs_under_one_key_are_both_known_and_the_later_one_represents_the_image()
    {
        JournalState state = Fold(Intended("k"), Accepted("k", Job), Completed(Job), Accepted("k", Other));

        Assert.Equal([Job, Other], state.Attempts.Select(attempt => attempt.JobId!));
        Assert.Equal(
            (Other, JournalEntryState.Accepted, null, false),
            (state.Entries.Single() is var entry ? (entry.JobId, entry.State, entry.CreditCost, entry.HasEnded) : default));
        Assert.Equal(9, state.ByJob(Job)!.CreditCost);
    }

    [Fact]
    public void When_the_key_of_a_known_job_is_found_every_key_job_and_image_keeps_its_place()
    {
        string third = JournalBench.JobId(3);
        JournalState state = Fold(
            Intended("k1"), Accepted("k1", Job),
            Completed(Other),
            Intended("k2") with { Ordinal = 2 }, Intended("k3") with { Ordinal = 3 }, Accepted("k3", third), Intended("k4") with { Ordinal = 3, Attempt = 2 },
            Accepted("k2", Other));

        Assert.Equal([(Job, "k1"), (Other, "k2"), (third, "k3"), (null, "k4")], state.Attempts.Select(attempt => (attempt.JobId, attempt.IdempotencyKey)));
        Assert.Equal([Job, Other, third, null], new[] { "k1", "k2", "k3", "k4" }.Select(key => state.ByKey(key)!.JobId));
        Assert.Equal(["k1", "k2", "k3"], new[] { Job, Other, third }.Select(job => state.ByJob(job)!.IdempotencyKey));
        Assert.Equal(["k1", "k2", "k4"], Enumerable.Range(1, 3).Select(ordinal => state.ByImage(new JournalPlace("f", ordinal))!.IdempotencyKey));
        Assert.Equal(["k1", "k2", "k4"], state.Entries.Select(entry => entry.IdempotencyKey));
        Assert.Equal((JournalEntryState.Completed, 9m), (state.ByKey("k2")!.State, state.ByKey("k2")!.CreditCost!.Value));
    }

    [Fact]
    public void A_job_that_two_images_have_is_kept_for_both()
    {
        JournalState state = Fold(Intended("k1"), Accepted("k1", Job), Intended("k2") with { Ordinal = 2 }, Accepted("k2", Job));

        Assert.Equal([("k1", Job), ("k2", Job)], state.Attempts.Select(attempt => (attempt.IdempotencyKey, attempt.JobId)));
    }

    [Fact]
    public void The_attempt_with_the_highest_number_represents_the_image_and_of_equal_numbers_the_last_one()
    {
        JournalEvent[] events = [Intended("k1"), Intended("k3") with { Attempt = 3 }, Intended("k2") with { Attempt = 2 }, Intended("other") with { Attempt = 3 }];
        (string?, string?) Representatives(int count) =>
            (Fold(events.Take(count)).Entries.Single().IdempotencyKey, Fold(events.Take(count)).ByImage(new JournalPlace("f", 1))!.IdempotencyKey);

        Assert.Equal(("k3", "k3"), Representatives(3));
        Assert.Equal(("other", "other"), Representatives(4));
    }

    [Fact]
    public void An_image_that_is_sent_again_under_a_rejected_key_is_unknown_and_one_with_a_job_keeps_its_job()
    {
        var refused = new JournalEvent.Refused(T, "k", "Conflict");

        Assert.Equal((JournalEntryState.Intended, null), (Fold(Intended("k"), refused, Intended("k")).Entries.Single() is var again ? (again.State, again.Error) : default));
        Assert.Equal(JournalEntryState.Accepted, Fold(Intended("k"), Accepted("k", Job), Intended("k")).Entries.Single().State);
    }

    [Fact]
    public void The_last_line_about_the_end_of_a_job_counts_and_what_it_lacks_is_kept()
    {
        JournalEvent[] life = [Accepted("k", Job), Completed(Job), Completed(Job) with { CreditCost = 4, CreatedAt = T.AddSeconds(7), CompletedAt = T.AddSeconds(8) }];

        Assert.Equal((4m, T.AddSeconds(7), T.AddSeconds(8), JournalEntryState.Completed), Facts(Fold(life).Entries.Single()));
        Assert.Equal((4m, T.AddSeconds(7), T.AddSeconds(8), JournalEntryState.Completed), Facts(Fold([.. life, new JournalEvent.Ended(T, Job, "COMPLETED")]).Entries.Single()));
    }

    [Fact]
    public void An_entry_as_text_is_its_state_and_its_prompt_or_else_its_job_or_else_its_key() => Assert.Equal(
        ["Intended A kite", $"Accepted {Job}", "Refused k"],
        new[] { Fold(Intended("k")), Fold(Accepted("k", Job)), Fold(new JournalEvent.Refused(T, "k", "Conflict")) }.Select(state => state.Entries.Single().ToString()));

    [Fact]
    public void An_entry_does_not_change_and_equal_options_are_one_object()
    {
        var state = new JournalState(JournalBench.Journal);
        state.Apply(Intended("k1"));
        JournalEntry before = state.ByKey("k1")!;
        foreach (JournalEvent entry in new JournalEvent[] { Accepted("k1", Job), Intended("k2") with { Ordinal = 2, Request = FakeService.Request() }, Intended("k3") with { Ordinal = 3 } })
        {
            state.Apply(entry);
        }

        Assert.Equal((JournalEntryState.Intended, JournalEntryState.Accepted), (before.State, state.ByKey("k1")!.State));
        Assert.Same(state.ByKey("k1")!.Options, state.ByKey("k3")!.Options);
        Assert.NotEqual(state.ByKey("k1")!.Options, state.ByKey("k2")!.Options);
    }

    [Fact]
    public void An_acceptance_that_is_noted_twice_is_one_job() => Assert.Equal(
        JournalEntryState.Completed, Fold(Intended("k"), Accepted("k", Job), Completed(Job), Accepted("k", Job.ToUpperInvariant())).Entries.Single().State);

    [Fact]
    public void A_job_ID_in_capital_letters_is_the_same_job()
    {
        const string job = "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90";

        JournalState state = Fold(Intended("k"), Accepted("k", job), Completed(job.ToUpperInvariant()), Saved(job));

        Assert.Equal((job, JournalEntryState.Saved), (state.Entries.Single().JobId, state.Entries.Single().State));
        Assert.Same(state.ByJob(job), state.ByJob(job.ToUpperInvariant()));
        Assert.Null(state.ByJob("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b91"));
    }

    [Fact]
    public void Keys_that_differ_in_the_case_of_a_letter_are_different_keys() => Assert.Null(Fold(Intended("k")).ByKey("K"));

    [Fact]
    public void A_rejection_does_not_undo_an_acceptance() =>
        Assert.Equal(JournalEntryState.Accepted, Fold(Intended("k"), Accepted("k", Job), new JournalEvent.Refused(T, "k", "Conflict")).Entries.Single().State);

    [Fact]
    public void A_request_that_is_sent_again_under_its_key_keeps_the_time_of_its_first_intent()
    {
        JournalEntry entry = Fold(Intended("k"), Intended("k") with { At = T.AddHours(2) }).Entries.Single();

        Assert.Equal((T, 2), (entry.IntendedAt!.Value, entry.Intents.Count));
    }

    [Fact]
    public void A_local_reference_is_shown_as_its_path_and_sent_as_its_address()
    {
        var request = new SubmitRequest { Prompt = "A kite", ReferenceImage = ["https://a.example/1.png", "https://cdn.example.net/up.png"] };
        JournalEntry entry = Fold(Intended("k") with { Request = request, Locals = [new JournalEvent.Local(1, "/refs/b.png", "x")] }).Entries.Single();

        Assert.Equal(["https://a.example/1.png", "/refs/b.png"], entry.ReferenceImage!);
        Assert.Equal(request.ReferenceImage, entry.Intents.Single().ReferenceImage);
    }

    [Fact]
    public void A_key_stays_with_the_first_image()
    {
        JournalEntry entry = Fold(Intended("k"), Intended("k") with { Fingerprint = "another" }).Entries.Single();

        Assert.Equal(("f", 1), (entry.Fingerprint, entry.Intents.Count));
    }

    [Fact]
    public void The_last_upload_of_a_file_content_counts()
    {
        JournalState state = Fold(new JournalEvent.Uploaded(T, "a", new Uri("https://c.example/1"), T), new JournalEvent.Uploaded(T, "a", new Uri("https://c.example/2"), T));

        Assert.Equal("https://c.example/2", state.Upload("a")!.Url.AbsoluteUri);
        Assert.Null(state.Upload("b"));
    }

    [Fact]
    public void A_job_from_a_journal_keeps_the_journal_and_is_not_settled()
    {
        var service = new FakeService();

        BananaJob job = Fold(Intended("k"), Accepted("k", "odd id"), Completed("odd id")).Entries.Single().ToJob(service.Connection)!;

        Assert.Same(JournalBench.Journal, job.Journal);
        Assert.Equal(("odd id", "COMPLETED", "A kite", "k", true, false), (job.JobId, job.Status, job.Prompt, job.IdempotencyKey, job.IsFromService, job.IsSettled()));
        Assert.Null(Fold(Intended("k")).Entries.Single().ToJob(service.Connection));
    }

    [Theory]
    [InlineData("FAILED", "Declined", "Declined")]
    [InlineData("CANCELLED", "Stopped", "Stopped")]
    [InlineData("COMPLETED", "A warning", null)]
    public void A_job_from_a_journal_has_an_error_only_if_it_ended_without_an_image(string status, string error, string? expected) => Assert.Equal(
        (status, expected), (Fold(Accepted("k", Job), new JournalEvent.Ended(T, Job, status) { Error = error }).Entries.Single().ToJob()! is var job ? (job.Status, job.Error) : default));

    [Fact]
    public void A_job_from_a_journal_has_the_time_of_the_service_or_else_that_of_its_acceptance()
    {
        Assert.Equal(T.AddMilliseconds(5), Fold(Accepted("k", Job), Completed(Job)).Entries.Single().ToJob()!.CreatedAt);
        JournalEntry accepted = Fold(Accepted("k", Job)).Entries.Single();
        Assert.Equal(("QUEUED", T.AddSeconds(1)), (accepted.ToJob()! is var job ? (job.Status, job.CreatedAt!.Value) : default));
        Assert.Equal(JobStatus.Completed, accepted.ToJob(Job, connection: null, isSaved: true).Status);
    }

    [Fact]
    public void The_job_object_precedes_the_journal_and_the_journal_keeps_what_the_job_object_lacks()
    {
        var bare = new BananaJob { JobId = Job, Status = "COMPLETED", IsTold = true };
        var full = new BananaJob
        {
            JobId = Job, Status = "FAILED", IsTold = true, CreditCost = 0, CreatedAt = T.AddMilliseconds(7), CompletedAt = T.AddSeconds(7), Error = "Declined",
        };
        JournalEntry known = Fold(Intended("k"), Accepted("k", Job), Completed(Job)).Entries.Single();

        Assert.Equal((9m, T.AddMilliseconds(5), T.AddSeconds(2), JournalEntryState.Completed), Facts(known.Told(bare)));
        Assert.Equal((0m, T.AddMilliseconds(7), T.AddSeconds(7), JournalEntryState.Failed), Facts(known.Told(full)));
        JournalEntry accepted = Fold(Accepted("k", Job)).Entries.Single();
        Assert.Equal((true, "Declined"), (accepted.Told(full).HasEnded, accepted.Told(full).Error));
        Assert.Same(accepted, accepted.Told(new BananaJob { JobId = Job, Status = "PROCESSING", IsTold = true }));
        Assert.Same(accepted, accepted.Told(new BananaJob { JobId = Job, Status = "COMPLETED" }));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_job_that_is_asked_for_keeps_its_journal()
    {
        var service = new FakeService();
        service.Api.Json(FakeService.Completed());

        BananaJob job = await service.Client.GetJobAsync(
            Fold(Accepted("k", FakeService.JobId)).Entries.Single().ToJob(service.Connection)!, retry: true, TestContext.Current.CancellationToken);

        Assert.Same(JournalBench.Journal, job.Journal);
    }

    private static (decimal, DateTimeOffset, DateTimeOffset, JournalEntryState) Facts(JournalEntry entry) =>
        (entry.CreditCost!.Value, entry.CreatedAt!.Value, entry.CompletedAt!.Value, entry.State);

    private static JournalEvent.Intended Intended(string key) => new(T, key, "f", 1, 1, new SubmitRequest { Prompt = "A kite", Model = "nano-banana-2", Resolution = "2K" });

    private static JournalEvent.Accepted Accepted(string key, string job, string status = "QUEUED") => new(T.AddSeconds(1), key, job, status, IsAdopted: false);

    private static JournalEvent.Ended Completed(string job) =>
        new(T, job, "COMPLETED") { CreditCost = 9, CreatedAt = T.AddMilliseconds(5), CompletedAt = T.AddSeconds(2), ImageCount = 1 };

    private static JournalEvent.Saved Saved(string job) => new(T.AddSeconds(3), job, 0, "images/kite.png", 3, "x");

    private static JournalState Fold(params IEnumerable<JournalEvent> events)
    {
        var state = new JournalState(JournalBench.Journal);
        foreach (JournalEvent entry in events)
        {
            state.Apply(entry);
        }

        return state;
    }
}
