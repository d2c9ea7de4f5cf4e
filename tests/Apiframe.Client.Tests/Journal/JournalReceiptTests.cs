using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

/// <summary>Tests the receipt, row by row. In these tests, the hash of a file is the name of its <see cref="JournalFileState"/>.</summary>
public sealed class JournalReceiptTests
{
    private static readonly DateTimeOffset T = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly JournalEvent Begun = new JournalEvent.Begun(T, "journal a");
    private static readonly JournalEvent[] Done = [Intended("k1"), Accepted("k1", 1), Ended(1), Saved(1)];

    [Fact]
    public void An_image_with_one_bill_and_one_complete_file_is_complete()
    {
        JournalReceipt receipt = Offline(Done);

        Assert.Equal((true, "1 prompts, 1 jobs, 1 bills, 1 files", 9m, true), (receipt.IsComplete, receipt.ToString(), receipt.Credits, receipt.IsOffline));
        Assert.Equal([JournalBench.Journal.Path], receipt.Journal);
        Assert.Empty(Findings(receipt));
    }

    [Fact]
    public void A_journal_without_images_is_not_complete() => Assert.False(Offline().IsComplete);

    [Fact]
    public void A_receipt_with_an_unreadable_journal_is_not_complete()
    {
        JournalReceipt receipt = JournalReceipt.Of([State([Begun, .. Done])], account: null, Look, ["lost.jsonl"]);

        Assert.Equal((false, "lost.jsonl"), (receipt.IsComplete, receipt.NotRead.Single()));
    }

    [Theory]
    [InlineData("intended", "Open", 0)]
    [InlineData("intended accepted", "Open", 1)]
    [InlineData("intended Conflict", "Open", 0)]
    [InlineData("intended accepted completed", "NotSaved", 1)]
    [InlineData("intended accepted completed Missing", "MissingFiles", 1)]
    [InlineData("intended accepted completed Changed", "ChangedFiles", 1)]
    [InlineData("intended accepted Missing Whole", "", 1)]
    [InlineData("intended accepted Missing Changed", "ChangedFiles", 1)]
    [InlineData("intended InsufficientCredits", "Failed", 0)]
    [InlineData("intended accepted FAILED", "Failed", 0)]
    [InlineData("intended accepted FAILED:0", "Failed", 0)]
    [InlineData("intended accepted FAILED:8", "Failed", 1)]
    [InlineData("intended accepted CANCELLED", "Failed", 1)]
    [InlineData("intended accepted CANCELLED:0", "Failed", 0)]
    [InlineData("intended accepted CANCELLED:8", "Failed", 1)]
    public void An_image_is_in_one_list_at_most(string life, string list, int bills)
    {
        JournalReceipt receipt = Offline([.. life.Split(' ').Select((word, i) => Event(word, i))]);

        Assert.Equal((list, bills, list.Length == 0), (string.Join(" ", Findings(receipt)), receipt.Bills, receipt.IsComplete));
    }

    [Fact]
    public void A_refunded_job_is_not_a_second_bill()
    {
        JournalReceipt receipt = Offline([Intended("k0"), Accepted("k0", 7), Ended(7, "FAILED", 0), .. Later()]);

        Assert.Equal((true, "1 prompts, 2 jobs, 1 bills, 1 files", 9m), (receipt.IsComplete, receipt.ToString(), receipt.Credits));
    }

    [Fact]
    public void A_failed_job_without_a_refund_makes_the_next_job_a_duplicate()
    {
        JournalReceipt receipt = Offline([Intended("k0"), Accepted("k0", 7), Ended(7, "FAILED", 8), .. Later()]);

        Assert.Equal((false, "1 prompts, 2 jobs, 2 bills, 1 files", 17m), (receipt.IsComplete, receipt.ToString(), receipt.Credits));
        Assert.Equal((JournalBench.JobId(7), "A kite"), (receipt.Duplicates.Single().JobId, receipt.Duplicates.Single().Prompt));
        Assert.Equal(["Duplicates"], Findings(receipt));
    }

    [Fact]
    public void The_job_with_the_file_counts_if_two_jobs_have_one_key()
    {
        JournalReceipt receipt = Offline([.. Done, Accepted("k1", 2), Ended(2)]);

        Assert.Equal((2, JournalBench.JobId(2)), (receipt.Bills, receipt.Duplicates.Single().JobId));
        Assert.Equal(["Duplicates"], Findings(receipt));
    }

    [Fact]
    public void Equal_prompts_are_two_images_in_one_journal_and_in_two()
    {
        JournalEvent[] second = [Intended("k2") with { Ordinal = 2 }, Accepted("k2", 2), Ended(2), Saved(2)];
        JournalEvent[] elsewhere = [new JournalEvent.Begun(T, "journal b"), Intended("k2"), Accepted("k2", 2), Ended(2), Saved(2)];

        Assert.Equal((true, 2), (Offline([.. Done, .. second]) is var one ? (one.IsComplete, one.Prompts) : default));
        Assert.Equal((true, 2), (Of(null, [Begun, .. Done], elsewhere) is var both ? (both.IsComplete, both.Prompts) : default));
    }

    [Fact]
    public void A_copy_of_a_journal_is_merged_with_the_original()
    {
        JournalReceipt receipt = Of(null, [Begun, .. Done], [Begun, .. Done.Take(1)], [Begun, .. Done.Take(2)]);

        Assert.Equal((true, "1 prompts, 1 jobs, 1 bills, 1 files"), (receipt.IsComplete, receipt.ToString()));
    }

    [Fact]
    public void A_job_in_two_journals_is_shared_by_two_prompts()
    {
        JournalEvent[] finder = [new JournalEvent.Begun(T, "journal b"), Intended("k2"), Accepted("k2", 1) with { IsAdopted = true }, Ended(1), Saved(1)];

        JournalReceipt receipt = Of(null, finder, [Begun, .. Done]);

        Assert.Equal((false, "2 prompts, 1 jobs, 1 bills, 1 files"), (receipt.IsComplete, receipt.ToString()));
        Assert.Equal("k2", receipt.SharedJobs.Single().IdempotencyKey);
        Assert.Equal(["SharedJobs"], Findings(receipt));
    }

    [Fact]
    public void A_job_whose_acceptance_is_noted_after_its_end_is_one_image()
    {
        JournalReceipt receipt = Offline(Intended("k1"), Ended(1), Saved(1), Accepted("k1", 1));

        Assert.Equal((true, "1 prompts, 1 jobs, 1 bills, 1 files"), (receipt.IsComplete, receipt.ToString()));
    }

    [Fact]
    public void A_job_with_two_images_needs_two_files()
    {
        JournalEvent[] one = [Intended("k1"), Accepted("k1", 1), Ended(1) with { ImageCount = 2 }, Saved(1)];

        Assert.Equal(["NotSaved"], Findings(Offline(one)));
        Assert.Equal((true, 2), (Offline([.. one, Saved(1) with { Index = 1, File = "b.png" }]) is var both ? (both.IsComplete, both.Files) : default));
        Assert.Equal(["MissingFiles"], Findings(Offline([.. one, Saved(1) with { Index = 1, File = "b.png", Sha256 = "Missing" }])));
    }

    [Theory]
    [InlineData("COMPLETED", 9, "NotSaved", 1, 9)]
    [InlineData("FAILED", 0, "Failed", 0, 0)]
    [InlineData("FAILED", 8, "Failed", 1, 8)]
    [InlineData("PROCESSING", 9, "Open", 1, 0)]
    public void The_status_from_the_service_overrides_the_journal(string status, int cost, string list, int bills, int credits)
    {
        JournalReceipt receipt = Of(Account([Job(1, status, cost)]), [Begun, Intended("k1"), Accepted("k1", 1)]);

        Assert.Equal((list, bills, credits), (string.Join(" ", Findings(receipt)), receipt.Bills, (int)receipt.Credits));
        Assert.False(receipt.IsOffline);
    }

    [Fact]
    public void A_saved_image_whose_job_was_refunded_has_no_bill() =>
        Assert.Equal(["Failed"], Findings(Of(Account([Job(1, "FAILED", 0)]), [Begun, .. Done])));

    [Fact]
    public void A_receipt_with_a_job_that_the_account_does_not_have_is_not_complete()
    {
        JournalReceipt receipt = Of(Account([]) with { Missing = [JournalBench.JobId(1)] }, [Begun, .. Done]);

        Assert.Equal((false, JournalBench.JobId(1)), (receipt.IsComplete, receipt.MissingJobs.Single().JobId));
        Assert.Equal(["MissingJobs"], Findings(receipt));
    }

    [Fact]
    public void A_receipt_with_a_list_that_does_not_reach_back_far_enough_is_not_complete() =>
        Assert.Equal((false, false), (Of(Account([Job(1)]) with { IsListComplete = false }, [Begun, .. Done]) is var receipt ? (receipt.IsComplete, receipt.IsJobListComplete) : default));

    [Theory]
    [InlineData("another image", "COMPLETED", true, "UnknownJobs", 1)]
    [InlineData("A kite", "COMPLETED", false, "Duplicates UnknownJobs", 2)]
    [InlineData("A kite", "FAILED", true, "UnknownJobs", 1)]
    [InlineData(null, "COMPLETED", false, "UnknownJobs", 1)]
    public void A_job_outside_of_every_journal_is_a_duplicate_if_it_has_the_request_of_a_prompt(string? prompt, string status, bool isComplete, string lists, int bills)
    {
        JournalReceipt receipt = Of(Account([Job(1)]) with { Unknown = [Job(7, status, status == "FAILED" ? 0 : 9, prompt)] }, [Begun, .. Done]);

        Assert.Equal((isComplete, lists, bills), (receipt.IsComplete, string.Join(" ", Findings(receipt)), receipt.Bills));
    }

    [Fact]
    public void The_first_job_of_an_image_without_a_response_is_its_bill_and_a_second_one_is_a_duplicate()
    {
        JournalReceipt receipt = Of(Account([]) with { Unknown = [Job(8), Job(7)] }, [Begun, Intended("k1")]);

        Assert.Equal((2, 2, 18m), (receipt.Jobs, receipt.Bills, receipt.Credits));
        Assert.Equal(JournalBench.JobId(8), receipt.Duplicates.Single().JobId);
        Assert.Equal(["Duplicates", "Open", "UnknownJobs"], Findings(receipt));
    }

    [Theory]
    [InlineData("A kite", 2)]
    [InlineData(null, 1)]
    public void A_job_outside_of_every_journal_can_belong_to_one_attempt_at_an_image_and_not_to_another(string? prompt, int bills)
    {
        JournalEvent[] events =
        [
            Intended("k0"), new JournalEvent.Refused(T, "k0", "InsufficientCredits"),
            Intended("k1") with { At = T.AddHours(24), Attempt = 2 }, Accepted("k1", 1), Ended(1), Saved(1),
        ];

        JournalReceipt receipt = Of(Account([Job(1)]) with { Unknown = [Job(7, prompt: prompt, createdAt: T.AddHours(24))] }, [Begun, .. events]);

        Assert.Equal((bills, false), (receipt.Bills, receipt.IsComplete));
    }

    [Fact]
    public void A_duplicate_is_the_job_as_the_service_reports_it()
    {
        JournalEvent[] events = [Intended("k0"), Accepted("k0", 2), Ended(2), .. Later()];

        JournalReceipt receipt = Of(Account([Job(1), Job(2, webhookStatus: "sent")]), [Begun, .. events]);

        Assert.Equal("sent", receipt.Duplicates.Single().WebhookStatus);
    }

    [Fact]
    public void Two_jobs_whose_requests_are_unknown_are_two_images() => Assert.Equal(2, Offline(Ended(1), Ended(2)).Prompts);

    [Fact]
    public void A_job_outside_of_every_journal_is_a_duplicate_if_the_image_has_a_bill_or_a_known_outcome()
    {
        JournalEvent[] rejected = [Intended("k1"), new JournalEvent.Refused(T, "k1", "InsufficientCredits")];
        JournalEvent[] refunded = [Intended("k1"), Accepted("k1", 7), Ended(7, "FAILED", 0)];
        JournalEvent[] billed = [Intended("k0"), Accepted("k0", 7), Ended(7, "FAILED", 8), Intended("k1") with { Attempt = 2 }];

        foreach (JournalEvent[] events in new[] { rejected, refunded, billed })
        {
            JournalReceipt receipt = Of(Account([]) with { Unknown = [Job(8)] }, [Begun, .. events]);

            Assert.Equal(JournalBench.JobId(8), receipt.Duplicates.Single().JobId);
        }
    }

    [Fact]
    public void The_last_attempt_counts_even_if_only_an_earlier_one_has_a_job()
    {
        JournalReceipt receipt = Offline(Intended("k0"), Accepted("k0", 7), Ended(7, "FAILED", 0), Intended("k1") with { Attempt = 2 });

        Assert.Equal(["Open"], Findings(receipt));
        Assert.Equal("k1", receipt.Open.Single().IdempotencyKey);
    }

    [Fact]
    public void A_job_of_which_only_the_end_and_the_file_are_noted_is_one_image_with_one_bill()
    {
        JournalReceipt receipt = Offline(Ended(1), Saved(1));

        Assert.Equal("1 prompts, 1 jobs, 1 bills, 1 files", receipt.ToString());
        Assert.Empty(Findings(receipt));
    }

    [Fact]
    public void The_later_of_two_copies_of_a_journal_has_the_outcome_of_an_attempt_without_a_job()
    {
        JournalReceipt receipt = Of(null, [Begun, Intended("k1")], [Begun, Intended("k1"), new JournalEvent.Refused(T, "k1", "InsufficientCredits")]);

        Assert.Equal(1, receipt.Prompts);
        Assert.Equal(["Failed"], Findings(receipt));
    }

    [Fact]
    public void Two_copies_of_a_journal_that_each_lack_a_line_are_one_image_with_its_request_and_its_end()
    {
        JournalReceipt receipt = Of(null, [Begun, Accepted("k1", 1), Ended(1)], [Begun, Intended("k1"), Accepted("k1", 1)]);

        Assert.Equal("1 prompts, 1 jobs, 1 bills, 0 files", receipt.ToString());
        Assert.Equal(["NotSaved"], Findings(receipt));
        JournalEntry image = receipt.NotSaved.Single();
        Assert.Equal(("A kite", "f", JournalEntryState.Completed, 9m), (image.Prompt, image.Fingerprint, image.State, image.CreditCost!.Value));
    }

    [Fact]
    public void An_unfinished_job_in_two_copies_of_a_journal_is_unfinished() =>
        Assert.Equal(["Open"], Findings(Of(null, [Begun, .. Done.Take(2)], [Begun, .. Done.Take(2)])));

    [Theory]
    [InlineData("0:Whole 1:Missing", "MissingFiles")]
    [InlineData("0:Whole 1:Changed", "ChangedFiles")]
    [InlineData("0:Missing 1:Changed", "ChangedFiles")]
    [InlineData("0:Whole 0:Changed 1:Missing", "MissingFiles")]
    [InlineData("0:Whole 0:Missing 1:Changed", "ChangedFiles")]
    [InlineData("0:Changed 0:Whole 1:Whole", "")]
    public void A_job_with_two_images_is_changed_if_one_of_them_has_a_changed_file_and_no_complete_one(string files, string list)
    {
        JournalEvent[] saved = [.. files.Split(' ').Select((file, i) => Saved(1) with { Index = file[0] - '0', File = $"{i}.png", Sha256 = file[2..] })];

        JournalReceipt receipt = Offline([Intended("k1"), Accepted("k1", 1), Ended(1) with { ImageCount = 2 }, .. saved]);

        Assert.Equal(list, string.Join(" ", Findings(receipt)));
    }

    private static JournalReceipt Offline(params JournalEvent[] events) => Of(null, [Begun, .. events]);

    private static JournalReceipt Of(AccountCheck? account, params JournalEvent[][] journals) => JournalReceipt.Of([.. journals.Select(State)], account, Look, []);

    private static JournalState State(JournalEvent[] events)
    {
        var state = new JournalState(JournalBench.Journal);
        foreach (JournalEvent entry in events)
        {
            state.Apply(entry);
        }

        return state;
    }

    private static JournalFileState Look(JournalFile file) => Enum.Parse<JournalFileState>(file.Sha256);

    /// <summary>Returns the names of the lists that are not empty.</summary>
    private static string[] Findings(JournalReceipt receipt) =>
    [
        .. from list in new (string Name, int Count)[]
           {
               (nameof(receipt.Duplicates), receipt.Duplicates.Count), (nameof(receipt.SharedJobs), receipt.SharedJobs.Count),
               (nameof(receipt.NotSaved), receipt.NotSaved.Count), (nameof(receipt.MissingFiles), receipt.MissingFiles.Count),
               (nameof(receipt.ChangedFiles), receipt.ChangedFiles.Count), (nameof(receipt.Open), receipt.Open.Count),
               (nameof(receipt.Failed), receipt.Failed.Count), (nameof(receipt.UnknownJobs), receipt.UnknownJobs.Count),
               (nameof(receipt.MissingJobs), receipt.MissingJobs.Count),
           }
           where list.Count > 0
           select list.Name,
    ];

    private static JournalEvent Event(string word, int place) => word.Split(':') switch
    {
        ["intended"] => Intended("k1"),
        ["accepted"] => Accepted("k1", 1),
        ["completed"] => Ended(1),
        ["Whole" or "Missing" or "Changed"] => Saved(1) with { Sha256 = word, File = $"{place}.png" },
        ["FAILED" or "CANCELLED"] => Ended(1, word, null),
        [var status, var cost] => Ended(1, status, int.Parse(cost, System.Globalization.CultureInfo.InvariantCulture)),
        _ => new JournalEvent.Refused(T, "k1", word),
    };

    /// <summary>The events of a second attempt, which is saved.</summary>
    private static JournalEvent[] Later() => [Intended("k1") with { Attempt = 2 }, .. Done.Skip(1)];

    private static JournalEvent.Intended Intended(string key) => new(T, key, "f", 1, 1, new SubmitRequest { Prompt = "A kite", Model = "nano-banana-2" });

    private static JournalEvent.Accepted Accepted(string key, int job) => new(T.AddSeconds(1), key, JournalBench.JobId(job), "QUEUED", IsAdopted: false);

    private static JournalEvent.Ended Ended(int job, string status = "COMPLETED", decimal? cost = 9) =>
        new(T.AddSeconds(2), JournalBench.JobId(job), status) { CreditCost = cost, ImageCount = status == "COMPLETED" ? 1 : 0 };

    private static JournalEvent.Saved Saved(int job) => new(T.AddSeconds(3), JournalBench.JobId(job), 0, $"{job}.png", 3, "Whole");

    private static AccountCheck Account(IEnumerable<BananaJob> told) =>
        new(told.ToDictionary(job => job.JobId, StringComparer.OrdinalIgnoreCase), Missing: [], Unknown: [], IsListComplete: true);

    private static BananaJob Job(
        int number, string status = "COMPLETED", decimal? cost = 9, string? prompt = "A kite", DateTimeOffset? createdAt = null, string? webhookStatus = null) => new()
    {
        JobId = JournalBench.JobId(number), Status = status, CreditCost = cost, IsTold = true, Prompt = prompt, CreatedAt = createdAt ?? T.AddSeconds(number),
        WebhookStatus = webhookStatus, Options = new ImageOptions { Model = "nano-banana-2" },
    };
}
