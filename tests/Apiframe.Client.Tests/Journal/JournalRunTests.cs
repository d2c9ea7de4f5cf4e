using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly JournalBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_batch_is_submitted_once_in_any_number_of_runs()
    {
        string[] prompts = ["a", "b", "a", "a"];

        JournalStep[] first = await _bench.RunAsync(prompts, Numbered());
        JournalStep[] second = await _bench.RunAsync(prompts, _ => throw new InvalidOperationException("paid twice"));

        Assert.All(first, step => Assert.IsType<JournalStep.Submit>(step));
        Assert.Equal([1, 2, 3, 4], second.Select(step => Number(Assert.IsType<JournalStep.Take>(step).Job)).Order());
        Assert.Equal(4, second.Select(step => ((JournalStep.Take)step).Job.JobId).Distinct().Count());
        Assert.Empty(_bench.Service.Api.Sent);
    }

    [Fact]
    public async Task Every_image_has_the_same_key_in_every_run_in_any_order_of_prompts()
    {
        string[] Keys(JournalStep[] steps) => [.. steps.Cast<JournalStep.Submit>().Select(step => step.Request.IdempotencyKey!)];

        string[] first = Keys(await _bench.RunAsync(["a", "b", "a"], _ => null));
        string[] second = Keys(await _bench.RunAsync(["b", "a", "a"], _ => null));

        Assert.All(first, key => Assert.Matches("^journal-[0-9a-f]{40}$", key));
        Assert.Equal([first[1], first[0], first[2]], second);
        Assert.Equal(3, first.Distinct().Count());
    }

    [Fact]
    public async Task Two_journals_have_different_keys_for_the_same_image() => Assert.NotEqual(
        ((JournalStep.Submit)(await _bench.RunAsync(["a"], _ => null))[0]).Request.IdempotencyKey,
        ((JournalStep.Submit)(await new JournalBench().RunAsync(["a"], _ => null))[0]).Request.IdempotencyKey);

    [Fact]
    public async Task A_prompt_that_was_sent_before_a_crash_is_sent_again_under_its_key_as_unknown_since_then()
    {
        var before = (JournalStep.Submit)(await _bench.RunAsync(["a"], _ => null))[0];
        _bench.Crash();
        _bench.Service.Clock.Advance(TimeSpan.FromHours(22));

        var after = Assert.IsType<JournalStep.Submit>((await _bench.RunAsync(["a"], Numbered()))[0]);

        Assert.Equal(before.Request.IdempotencyKey, after.Request.IdempotencyKey);
        Assert.Equal((null, Start), (before.Request.OutcomeUnknownSince, after.Request.OutcomeUnknownSince));
        Assert.Equal([Start, Start.AddHours(22)], _bench.State.Entries.Single().Intents.Select(intent => intent.At));
    }

    [Fact]
    public async Task An_intent_is_on_disk_before_the_caller_can_send()
    {
        JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        var submit = (JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token);

        await claim.IntendAsync(submit.Request);

        JournalEntry crashed = JournalBench.Read(_bench.Disk.Durable).Entries.Single();
        Assert.Equal((submit.Request.IdempotencyKey, submit.Request.Prompt, 1, 1), (crashed.IdempotencyKey, crashed.Prompt, crashed.Ordinal, crashed.Attempt));
        lease.Dispose();
    }

    [Fact]
    public async Task An_intent_is_noted_again_only_when_it_is_old_or_its_addresses_changed()
    {
        JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        SubmitRequest request = ((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request;

        foreach ((int minutes, string[] references) in new (int, string[])[] { (0, []), (29, []), (1, []), (0, []), (1, ["https://cdn.example.net/1.png"]) })
        {
            _bench.Service.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await claim.IntendAsync(request with { ReferenceImage = references });
        }

        Assert.Equal([0, 30, 31], _bench.State.Entries.Single().Intents.Select(intent => (intent.At - Start).TotalMinutes));
        lease.Dispose();
    }

    [Fact]
    public async Task A_request_that_waited_longer_than_the_key_lifetime_is_not_sent()
    {
        JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        SubmitRequest request = ((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request;
        await claim.IntendAsync(request);
        _bench.Service.Clock.Advance(TimeSpan.FromHours(23));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => claim.IntendAsync(request));

        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, Charge.Perhaps), (e.Kind, e.Charge));
        Assert.False(await claim.RefuseAsync(e));
        Assert.Equal(JournalEntryState.Intended, _bench.State.Entries.Single().State);
        lease.Dispose();
    }

    [Fact]
    public async Task A_request_that_waited_longer_than_the_key_lifetime_is_sent_if_its_key_is_new()
    {
        using JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        SubmitRequest request = ((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request;
        await claim.EnterWireAsync(request, Token);
        _bench.Service.Clock.Advance(TimeSpan.FromHours(25));

        await claim.IntendAsync(request);

        Assert.Equal(2, _bench.State.Entries.Single().Intents.Count);
    }

    [Fact]
    public async Task A_request_of_an_earlier_run_that_waits_longer_than_the_key_lifetime_is_not_sent()
    {
        await _bench.RunAsync(["a"], _ => null);
        _bench.Service.Clock.Advance(TimeSpan.FromHours(22));
        using JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request("a"));
        SubmitRequest request = ((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request;
        _bench.Service.Clock.Advance(TimeSpan.FromHours(2));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => claim.EnterWireAsync(request, Token));

        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, Charge.Perhaps), (e.Kind, e.Charge));
        Assert.Single(_bench.State.Entries.Single().Intents);
    }

    [Fact]
    public async Task A_submission_that_waits_for_its_line_does_not_count_toward_the_throttle_limit()
    {
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun(throttleLimit: 1);
        using JournalClaim claim = run.Claim(FakeService.Request());
        SubmitRequest request = ((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request;
        using var gate = new ManualResetEventSlim();
        _bench.Disk.Gate = gate;

        Task entering = claim.EnterWireAsync(request, Token);
        int free = run.Wire.CurrentCount;
        gate.Set();
        await entering;

        Assert.Equal((1, 0), (free, run.Wire.CurrentCount));
    }

    [Fact]
    public async Task After_the_journal_has_failed_a_request_whose_intent_is_on_disk_is_not_sent_again()
    {
        using JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        SubmitRequest request = ((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request;
        await claim.IntendAsync(request);
        _bench.Disk.Room = 0;
        await Assert.ThrowsAsync<ApiframeException>(() => lease.NoteAsync(_bench.Told(7, "COMPLETED")));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => claim.IntendAsync(request));

        Assert.Equal(ApiframeErrorKind.JournalNotWritable, e.Kind);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("https://h.example", true)]
    public async Task A_job_from_the_journal_has_the_webhook_of_the_request(string? url, bool wantsWebhook)
    {
        SubmitRequest request = FakeService.Request() with { WebhookUrl = url };
        await _bench.RunAsync([request], _ => 1);

        Assert.Equal(wantsWebhook, Assert.IsType<JournalStep.Take>((await _bench.RunAsync([request], _ => 2))[0]).Job.WantsWebhook);
    }

    [Theory]
    [InlineData("FAILED", null)]
    [InlineData("FAILED", 0)]
    [InlineData("CANCELLED", 0)]
    public async Task An_image_whose_job_was_refunded_is_submitted_again_with_the_next_key(string status, int? cost)
    {
        string? first = Key(await _bench.RunAsync(["a"], Numbered()));
        await _bench.NoteAsync(lease => lease.NoteAsync(_bench.Told(1, status, cost)));

        string? second = Key(await _bench.RunAsync(["a"], Numbered(2)));
        JournalStep[] third = await _bench.RunAsync(["a"], _ => throw new InvalidOperationException("paid twice"));

        Assert.NotEqual(first, second);
        Assert.Equal(2, Number(Assert.IsType<JournalStep.Take>(third[0]).Job));
        Assert.Equal(2, _bench.State.Entries.Single().Attempt);
    }

    [Fact]
    public async Task A_failed_job_without_a_refund_is_submitted_again_only_with_ResubmitUnknown()
    {
        await _bench.RunAsync(["a"], Numbered());
        await _bench.NoteAsync(lease => lease.NoteAsync(_bench.Told(1, "CANCELLED", 8)));

        Assert.IsType<JournalStep.Take>((await _bench.RunAsync(["a"], Numbered(2)))[0]);
        Assert.IsType<JournalStep.Submit>((await _bench.RunAsync(["a"], Numbered(2), resubmitUnknown: true))[0]);
    }

    [Fact]
    public async Task A_rejected_image_is_submitted_again_with_the_next_key()
    {
        string? first = Key(await RefusedAsync(new ApiframeException(ApiframeErrorKind.InsufficientCredits, "402")));
        string? second = Key(await RefusedAsync(new ApiframeException(ApiframeErrorKind.Authentication, "401")));
        string? third = Key(await _bench.RunAsync(["a"], Numbered()));

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal(["InsufficientCredits", "Authentication", null], _bench.State.Attempts.Select(attempt => attempt.Error));
    }

    [Fact]
    public async Task A_submission_without_a_clear_response_is_not_a_rejection()
    {
        string? first = Key(await RefusedAsync(new ApiframeException(ApiframeErrorKind.SubmissionUnknown, "reset", new ApiframeException(ApiframeErrorKind.Network, "reset"))));

        Assert.Equal(first, Key(await _bench.RunAsync(["a"], Numbered())));
        Assert.Single(_bench.State.Attempts);
    }

    [Fact]
    public async Task A_rejection_before_the_intent_writes_no_line()
    {
        JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        await claim.SettleAsync(_bench.Service.Client, Token);

        Assert.False(await claim.RefuseAsync(new ApiframeException(ApiframeErrorKind.InvalidRequest, "no upload")));

        Assert.Single(_bench.Disk.Lines);
        lease.Dispose();
    }

    [Fact]
    public async Task A_conflict_that_cannot_be_noted_does_not_lead_to_a_search_for_the_job()
    {
        using JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request());
        await claim.IntendAsync(((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request);
        _bench.Disk.Room = _bench.Disk.Written.Length;

        Assert.False(await claim.RefuseAsync(new ApiframeException(ApiframeErrorKind.Conflict, "same key, other body")));

        Assert.NotNull(lease.Failure);
    }

    [Fact]
    public async Task A_saved_image_with_a_complete_file_needs_no_request()
    {
        FileInfo file = await SavedAsync("images/kite.png");

        var saved = Assert.IsType<JournalStep.Saved>((await _bench.RunAsync(["a"], Numbered(2)))[0]);

        Assert.Equal((file.FullName, 1, "COMPLETED"), (saved.Files.Single().FullName, Number(saved.Job), saved.Job.Status));
        Assert.Equal(9m, saved.Job.CreditCost);
        Assert.Empty(_bench.Service.Api.Sent);
    }

    [Theory]
    [InlineData("a kite, cut")]
    [InlineData("another kite")]
    [InlineData(null)]
    public async Task A_saved_image_whose_file_is_missing_or_changed_is_taken_from_its_job(string? content)
    {
        FileInfo file = await SavedAsync("kite.png");
        file.Delete();
        if (content is not null)
        {
            await File.WriteAllTextAsync(file.FullName, content, Token);
        }

        Assert.Equal(1, Number(Assert.IsType<JournalStep.Take>((await _bench.RunAsync(["a"], Numbered(2)))[0]).Job));
    }

    [Fact]
    public async Task One_complete_copy_of_an_image_is_enough()
    {
        FileInfo first = await SavedAsync("kite.png");
        FileInfo second = await SavedAsync("copy.png");
        second.Delete();

        Assert.Equal(first.FullName, Assert.IsType<JournalStep.Saved>((await _bench.RunAsync(["a"], Numbered(2)))[0]).Files.Single().FullName);
    }

    [Fact]
    public async Task Of_two_complete_copies_of_an_image_the_newest_is_returned()
    {
        await SavedAsync("kite.png");
        FileInfo second = await SavedAsync("copy.png");

        Assert.Equal(second.FullName, Assert.IsType<JournalStep.Saved>((await _bench.RunAsync(["a"], Numbered(2)))[0]).Files.Single().FullName);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public async Task A_job_is_saved_if_there_is_a_complete_file_for_each_of_its_images(int saved, bool isComplete)
    {
        var entry = new JournalEntry { ImageCount = Math.Max(1, saved), Files = [.. (await Task.WhenAll(Enumerable.Range(0, saved).Select(FileAsync)))] };

        Assert.Equal(isComplete, JournalPlan.WholeFiles(entry)?.Count == saved);
        Assert.Null(JournalPlan.WholeFiles(entry with { ImageCount = saved + 1 }));
    }

    [Fact]
    public async Task A_hash_that_is_known_is_recorded_without_reading_the_file()
    {
        JournalFile written = await FileAsync(0);

        await _bench.NoteAsync(lease => lease.NoteSavedAsync(_bench.Told(1, "COMPLETED"), 0, new FileInfo(written.File), sha256: new string('a', 64)));

        Assert.Equal(new string('a', 64), _bench.State.Entries.Single().Files.Single().Sha256);
    }

    [Fact]
    public async Task The_saved_file_of_a_job_is_found_before_it_is_saved_again()
    {
        FileInfo file = await SavedAsync("kite.png");
        using JournalLease lease = _bench.Open();

        Assert.Equal(file.FullName, lease.Saved(_bench.Told(1, "COMPLETED"))!.File);
        Assert.Null(lease.Saved(_bench.Told(2, "COMPLETED")));
    }

    [Fact]
    public async Task The_end_of_a_job_is_noted_again_only_when_it_has_new_information()
    {
        await _bench.RunAsync(["a"], Numbered());
        await _bench.NoteAsync(async lease =>
        {
            await lease.NoteAsync(new BananaJob { JobId = JournalBench.JobId(1), Status = "COMPLETED" });
            await lease.NoteAsync(_bench.Told(1, "PROCESSING"));
            await lease.NoteAsync(_bench.Told(1, "CANCELLED"));
            await lease.NoteAsync(_bench.Told(1, "CANCELLED"));
            await lease.NoteAsync(_bench.Told(1, "CANCELLED", 0));
            await lease.NoteAsync(_bench.Told(1, "CANCELLED"));
        });

        Assert.Equal(2, _bench.Disk.Lines.Count(line => line.Contains("cancelled", StringComparison.Ordinal)));
        Assert.True(_bench.State.Entries.Single().IsRefunded);
    }

    [Fact]
    public async Task A_job_that_has_not_ended_or_whose_end_only_a_submission_reports_is_not_noted()
    {
        await _bench.RunAsync(["a"], Numbered());
        int before = _bench.Disk.Lines.Length;

        await _bench.NoteAsync(async lease =>
        {
            await lease.NoteAsync(_bench.Told(1, "PROCESSING"));
            await lease.NoteAsync(new BananaJob { JobId = JournalBench.JobId(1), Status = "COMPLETED" });
        });

        Assert.Equal(before, _bench.Disk.Lines.Length);
    }

    [Fact]
    public async Task A_refund_that_the_service_reports_after_the_cost_is_noted()
    {
        await _bench.RunAsync(["a"], Numbered());
        await _bench.NoteAsync(async lease =>
        {
            await lease.NoteAsync(_bench.Told(1, "FAILED", 8));
            await lease.NoteAsync(_bench.Told(1, "FAILED", 0));
        });

        Assert.Equal((0m, true), (_bench.State.Entries.Single() is var entry ? (entry.CreditCost!.Value, entry.IsRefunded) : default));
    }

    [Fact]
    public async Task The_job_of_a_submission_is_not_an_adopted_job()
    {
        await _bench.RunAsync(["a"], Numbered());

        Assert.Equal((JournalBench.JobId(1), false), (_bench.State.Entries.Single() is var entry ? (entry.JobId, entry.IsAdopted) : default));
    }

    [Fact]
    public async Task A_job_whose_end_was_noted_without_its_key_is_noted_as_the_job_of_its_image_when_its_key_is_known()
    {
        string? key = Key(await _bench.RunAsync(["a"], _ => null));
        await _bench.NoteAsync(lease => lease.NoteAsync(new BananaJob { JobId = JournalBench.JobId(1), Status = "COMPLETED", CreditCost = 9, IsTold = true }));

        await _bench.NoteAsync(lease => lease.NoteAsync(
            new BananaJob { JobId = JournalBench.JobId(1), Status = "COMPLETED", CreditCost = 9, IsTold = true, IdempotencyKey = key }));

        JournalEntry entry = _bench.State.Entries.Single();
        Assert.Equal((key, JournalBench.JobId(1), JournalEntryState.Completed, false), (entry.IdempotencyKey, entry.JobId, entry.State, entry.IsAdopted));
    }

    [Fact]
    public async Task The_end_of_a_job_is_noted_without_an_acceptance_if_the_journal_does_not_contain_its_key()
    {
        await _bench.NoteAsync(lease => lease.NoteAsync(new BananaJob { JobId = JournalBench.JobId(1), Status = "COMPLETED", IsTold = true, IdempotencyKey = "another" }));

        JournalEntry entry = _bench.State.Entries.Single();
        Assert.Equal((JournalBench.JobId(1), JournalEntryState.Completed, null), (entry.JobId, entry.State, entry.IdempotencyKey));
    }

    [Fact]
    public async Task No_line_contains_the_API_key_or_the_address_of_an_image()
    {
        await _bench.RunAsync(["a"], Numbered());
        await SavedAsync("kite.png");

        Assert.All(_bench.Disk.Lines, line =>
        {
            Assert.Empty(KeyWatch.LeaksOf(line));
            Assert.DoesNotContain("cdn.example.net", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_job_whose_intent_was_lost_is_found_by_its_key()
    {
        await _bench.RunAsync(["a", "a"], Numbered());
        string[] lines = [.. _bench.Disk.Lines.Where(line => !line.Contains("\"intended\"", StringComparison.Ordinal))];
        var bench = new JournalBench(FakeDisk.With(Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n")));

        JournalStep[] steps = await bench.RunAsync(["a", "a"], _ => throw new InvalidOperationException("paid twice"));

        Assert.Equal([1, 2], steps.Select(step => Number(Assert.IsType<JournalStep.Take>(step).Job)).Order());
        Assert.All(steps, step => Assert.Equal("a", ((JournalStep.Take)step).Job.Prompt));
    }

    [Fact]
    public async Task A_failed_attempt_whose_intent_was_lost_is_counted()
    {
        await _bench.RunAsync(["a"], Numbered());
        string[] lines = [.. _bench.Disk.Lines.Where(line => !line.Contains("\"intended\"", StringComparison.Ordinal))];
        var bench = new JournalBench(FakeDisk.With(Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n")));
        await bench.NoteAsync(lease => lease.NoteAsync(bench.Told(1, "FAILED")));

        string? next = Key(await bench.RunAsync(["a"], Numbered(2)));

        Assert.Equal(2, bench.State.Attempts.Single(attempt => attempt.IdempotencyKey == next).Attempt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_request_with_a_key_of_the_journal_is_that_image_at_any_position(int place)
    {
        JournalStep[] first = await _bench.RunAsync(["a", "a", "a"], Numbered());
        string? key = ((JournalStep.Submit)first[place]).Request.IdempotencyKey;
        int number = Number(((JournalStep.Take)(await _bench.RunAsync(["a", "a", "a"], Numbered()))[place]).Job);

        JournalStep[] again = await _bench.RunAsync([FakeService.Request("a") with { IdempotencyKey = key }, FakeService.Request("a")], Numbered());

        Assert.Equal(number, Number(Assert.IsType<JournalStep.Take>(again[0]).Job));
        Assert.NotEqual(number, Number(Assert.IsType<JournalStep.Take>(again[1]).Job));
    }

    [Fact]
    public async Task The_request_of_a_claim_leads_to_the_same_image_although_it_was_never_sent()
    {
        SubmitRequest third;
        using (JournalLease lease = _bench.Open())
        {
            JournalRun run = lease.BeginRun();
            third = Enumerable.Range(0, 3).Select(_ => run.Claim(FakeService.Request("a"))).ToArray()[2].Request;
        }

        await _bench.RunAsync([third], Numbered());

        Assert.Equal((3, 1, third.IdempotencyKey), (_bench.State.Entries.Single() is var entry ? (entry.Ordinal, entry.Attempt, entry.IdempotencyKey) : default));
    }

    [Fact]
    public async Task A_specified_key_is_used_for_the_first_attempt_and_recognized_later()
    {
        SubmitRequest mine = FakeService.Request("a") with { IdempotencyKey = "mine", OutcomeUnknownSince = Start.AddHours(-1) };
        await _bench.RunAsync(["a"], Numbered());

        var submit = (JournalStep.Submit)(await _bench.RunAsync([mine], Numbered(2)))[0];
        JournalStep[] again = await _bench.RunAsync([mine, FakeService.Request("a")], _ => throw new InvalidOperationException("paid twice"));
        await _bench.NoteAsync(lease => lease.NoteAsync(_bench.Told(2, "FAILED")));
        var next = (JournalStep.Submit)(await _bench.RunAsync([mine], Numbered(3)))[0];

        Assert.Equal(("mine", Start.AddHours(-1)), (submit.Request.IdempotencyKey, submit.Request.OutcomeUnknownSince));
        Assert.Equal([2, 1], again.Select(step => Number(((JournalStep.Take)step).Job)));
        Assert.Matches("^journal-", next.Request.IdempotencyKey);
        Assert.Null(next.Request.OutcomeUnknownSince);
    }

    [Fact]
    public async Task An_image_with_a_new_key_does_not_take_the_place_of_an_equal_image_of_the_journal()
    {
        await _bench.RunAsync(["a"], Numbered());

        JournalStep[] steps = await _bench.RunAsync([FakeService.Request("a") with { IdempotencyKey = "mine" }, FakeService.Request("a")], Numbered(2));

        Assert.Equal("mine", Assert.IsType<JournalStep.Submit>(steps[0]).Request.IdempotencyKey);
        Assert.Equal(1, Number(Assert.IsType<JournalStep.Take>(steps[1]).Job));
    }

    [Fact]
    public async Task A_key_that_was_specified_for_another_image_is_not_used_for_the_image_that_it_was_made_for()
    {
        string? own;
        using (JournalLease lease = _bench.Open())
        {
            own = lease.BeginRun().Claim(FakeService.Request("b")).Request.IdempotencyKey;
        }

        await _bench.RunAsync([FakeService.Request("a") with { IdempotencyKey = own }], Numbered());

        Assert.NotEqual(own, Key(await _bench.RunAsync(["b"], Numbered(2))));
    }

    [Fact]
    public async Task A_key_that_the_journal_contains_for_another_image_is_rejected()
    {
        string? key = Key(await _bench.RunAsync(["a"], Numbered()));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync([FakeService.Request("b") with { IdempotencyKey = key }], Numbered()));

        Assert.Equal((ApiframeErrorKind.Conflict, Charge.NotSent), (e.Kind, e.Charge));
    }

    [Fact]
    public async Task A_key_is_recognized_without_the_webhook_of_its_request()
    {
        string? key = Key(await _bench.RunAsync([FakeService.Request("a") with { WebhookUrl = "https://a.example" }], Numbered()));

        JournalStep[] steps = await _bench.RunAsync([FakeService.Request("a") with { IdempotencyKey = key }], Numbered(2));

        Assert.Equal(1, Number(Assert.IsType<JournalStep.Take>(steps[0]).Job));
    }

    [Theory]
    [InlineData("mug.png", false, true)]
    [InlineData("mug.png", true, true)]
    [InlineData("other.png", false, false)]
    public async Task A_key_is_recognized_with_the_same_references_even_if_the_content_of_a_file_has_changed(string name, bool isRelative, bool isRecognized)
    {
        string path = Path.Combine(_folder, "mug.png");
        await File.WriteAllBytesAsync(path, SampleImages.Png, Token);
        SubmitRequest request = FakeService.Request("a") with { ReferenceImage = ["https://a.example/1.png", path] };
        string? key = Key(await _bench.RunAsync([request], Numbered()));
        await File.WriteAllBytesAsync(Path.Combine(_folder, name), SampleImages.PngOf([7]), Token);
        string named = Path.Combine(_folder, name);
        string typed = isRelative ? Path.GetRelativePath(Environment.CurrentDirectory, named) : named;
        SubmitRequest again = request with { IdempotencyKey = key, ReferenceImage = ["https://a.example/1.png", typed] };

        if (isRecognized)
        {
            Assert.Equal(1, Number(Assert.IsType<JournalStep.Take>((await _bench.RunAsync([again], Numbered(2)))[0]).Job));
        }
        else
        {
            Assert.Equal(ApiframeErrorKind.Conflict, (await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync([again], Numbered(2)))).Kind);
        }
    }

    [Fact]
    public async Task A_local_reference_is_recognized_by_its_content_at_any_path()
    {
        string first = Path.Combine(_folder, "first.png");
        string moved = Path.Combine(_folder, "moved.png");
        string other = Path.Combine(_folder, "other.png");
        await File.WriteAllBytesAsync(first, SampleImages.Png, Token);
        await File.WriteAllBytesAsync(moved, SampleImages.Png, Token);
        await File.WriteAllBytesAsync(other, SampleImages.PngOf([7]), Token);
        SubmitRequest With(string path) => FakeService.Request("a") with { ReferenceImage = ["https://a.example/1.png", path] };

        await _bench.RunAsync([With(first)], Numbered());

        Assert.IsType<JournalStep.Take>((await _bench.RunAsync([With(moved)], _ => null))[0]);
        Assert.IsType<JournalStep.Submit>((await _bench.RunAsync([With(other)], _ => null))[0]);
        JournalEntry entry = _bench.State.Entries[0];
        Assert.Equal(["https://a.example/1.png", first], entry.ReferenceImage!);
        Assert.Equal([1], entry.LocalReferences);
    }

    [Fact]
    public async Task Two_runs_of_one_process_at_the_same_time_do_not_submit_an_image_twice()
    {
        using JournalLease lease = _bench.Open();
        using JournalClaim first = lease.BeginRun().Claim(FakeService.Request("a"));
        using JournalClaim second = lease.BeginRun().Claim(FakeService.Request("a"));
        var submit = (JournalStep.Submit)await first.SettleAsync(_bench.Service.Client, Token);

        Task<JournalStep> waiting = second.SettleAsync(_bench.Service.Client, Token);
        await first.IntendAsync(submit.Request);
        await first.AcceptAsync(new BananaJob { JobId = JournalBench.JobId(1) });
        bool early = waiting.IsCompleted;
        first.Dispose();

        Assert.False(early);
        Assert.Equal(1, Number(Assert.IsType<JournalStep.Take>(await waiting).Job));
    }

    [Fact]
    public async Task A_wait_for_another_run_can_be_canceled()
    {
        using var cancel = new CancellationTokenSource();
        using JournalLease lease = _bench.Open();
        using JournalClaim first = lease.BeginRun().Claim(FakeService.Request("a"));
        using JournalClaim second = lease.BeginRun().Claim(FakeService.Request("a"));
        await first.SettleAsync(_bench.Service.Client, Token);

        Task<JournalStep> waiting = second.SettleAsync(_bench.Service.Client, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task On_a_full_disk_nothing_more_is_sent_and_an_accepted_job_is_reported_as_not_noted()
    {
        JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();
        using JournalClaim first = run.Claim(FakeService.Request("a"));
        using JournalClaim second = run.Claim(FakeService.Request("b"));
        SubmitRequest a = ((JournalStep.Submit)await first.SettleAsync(_bench.Service.Client, Token)).Request;
        SubmitRequest b = ((JournalStep.Submit)await second.SettleAsync(_bench.Service.Client, Token)).Request;
        await first.IntendAsync(a);
        _bench.Disk.Room = _bench.Disk.Written.Length;

        ApiframeException accepted = await Assert.ThrowsAsync<ApiframeException>(() => first.AcceptAsync(new BananaJob { JobId = JournalBench.JobId(1) }));
        ApiframeException intended = await Assert.ThrowsAsync<ApiframeException>(() => second.IntendAsync(b));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, JournalBench.JobId(1), Charge.Billed), (accepted.Kind, accepted.Job!.JobId, accepted.Charge!.Value));
        Assert.Contains("the journal does not record it", accepted.Message, StringComparison.Ordinal);
        Assert.Equal(ApiframeErrorKind.JournalNotWritable, intended.Kind);
        Assert.False(await second.RefuseAsync(intended));
        await Assert.ThrowsAsync<ApiframeException>(lease.ReleaseAsync);
    }

    [Fact]
    public async Task At_every_point_where_the_disk_gets_full_or_power_fails_no_image_is_billed_twice_and_no_job_is_lost()
    {
        var whole = new JournalBench();
        await WholeBatchAsync(whole, new Dictionary<string, int>());
        int most = whole.Disk.Written.Length + 200;

        for (int room = 0; room < most; room += 7)
        {
            // The service knows every key, as it does for 24 hours.
            var accepted = new Dictionary<string, int>();
            var bench = new JournalBench(new FakeDisk { Room = room });
            await WholeBatchAsync(bench, accepted);
            bench.Crash();

            await WholeBatchAsync(bench, accepted);

            Assert.Equal(3, accepted.Count);
            Assert.Equal([1, 2, 3], bench.State.Entries.Select(entry => Convert.ToInt32(entry.JobId!.Split('-')[0], 16)).Order());
        }
    }

    private async Task<JournalFile> FileAsync(int index)
    {
        string path = Path.Combine(_folder, $"{index}.png");
        await File.WriteAllTextAsync(path, "kite", Token);
        return new JournalFile(index, path, 4, Sha256.Of("kite"u8.ToArray()), Start);
    }

    [Fact]
    public async Task After_a_failed_settlement_the_image_can_be_settled_again()
    {
        await _bench.RunAsync(["a"], _ => null);
        _bench.Service.Clock.Advance(TimeSpan.FromDays(2));
        _bench.Service.Api.Throw(new HttpRequestException("reset"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync(["a"], Numbered()));

        Assert.Equal((ApiframeErrorKind.Network, Charge.Perhaps, "a"), (e.Kind, e.Charge, e.Request!.Prompt));
        await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync(["a"], Numbered()));
    }

    private static DateTimeOffset Start => new FakeClock().UtcNow;

    private static async Task WholeBatchAsync(JournalBench bench, Dictionary<string, int> accepted)
    {
        int Accept(SubmitRequest request)
        {
            lock (accepted)
            {
                return accepted.TryGetValue(request.IdempotencyKey!, out int number) ? number : accepted[request.IdempotencyKey!] = accepted.Count + 1;
            }
        }

        try
        {
            await bench.RunAsync(["a", "a", "b"], request => Accept(request));
        }
        catch (ApiframeException e)
        {
            Assert.Equal(ApiframeErrorKind.JournalNotWritable, e.Kind);
        }
    }

    private async Task<JournalStep[]> RefusedAsync(ApiframeException refusal)
    {
        JournalLease lease = _bench.Open();
        using JournalClaim claim = lease.BeginRun().Claim(FakeService.Request("a"));
        JournalStep step = await claim.SettleAsync(_bench.Service.Client, Token);
        await claim.IntendAsync(((JournalStep.Submit)step).Request);
        await claim.RefuseAsync(refusal);
        claim.Dispose();
        await lease.ReleaseAsync();
        return [step];
    }

    private async Task<FileInfo> SavedAsync(string name)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        file.Directory!.Create();
        await File.WriteAllTextAsync(file.FullName, "a whole kite", Token);
        await _bench.RunAsync(["a"], Numbered());
        await _bench.NoteAsync(async lease =>
        {
            await lease.NoteAsync(_bench.Told(1, "COMPLETED", 9));
            await lease.NoteSavedAsync(_bench.Told(1, "COMPLETED", 9), 0, file);
        });
        return file;
    }

    private static Func<SubmitRequest, int?> Numbered(int first = 1)
    {
        int last = first - 1;
        return _ => Interlocked.Increment(ref last);
    }

    private static string? Key(JournalStep[] steps) => ((JournalStep.Submit)steps.Single()).Request.IdempotencyKey;

    private static int Number(BananaJob job) => Convert.ToInt32(job.JobId.Split('-')[0], 16);
}
