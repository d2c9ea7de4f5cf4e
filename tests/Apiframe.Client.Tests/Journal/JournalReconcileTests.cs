using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

/// <summary>Tests requests that were sent and got no response, and whose key the service has forgotten.</summary>
public sealed class JournalReconcileTests
{
    private readonly JournalBench _bench = new();
    private readonly FakeAccount _account;

    public JournalReconcileTests()
    {
        _account = new FakeAccount(_bench.Service);
        _account.Add(100, FakeService.Request("an older image"));
        Pass(TimeSpan.FromHours(1));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_was_never_noted_is_found_by_its_request_and_adopted()
    {
        await LostAsync(["a"], accepted: ["a"]);

        JournalStep[] steps = await _bench.RunAsync(["a"], PaidTwice);

        Assert.Equal((1, "a"), (Assert.IsType<JournalStep.Take>(steps[0]) is var take ? (Number(take.Job), take.Job.Prompt) : default));
        JournalEntry entry = _bench.State.Entries.Single();
        Assert.Equal((true, JournalEntryState.Completed, 9m, 1), (entry.IsAdopted, entry.State, entry.CreditCost!.Value, entry.Attempt));
    }

    [Fact]
    public async Task A_found_job_that_cannot_be_noted_is_not_returned()
    {
        await LostAsync(["a"], accepted: ["a"]);
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();
        _bench.Disk.Room = _bench.Disk.Written.Length;

        for (int attempt = 0; attempt < 2; attempt++)
        {
            using JournalClaim claim = run.Claim(FakeService.Request("a") with { IdempotencyKey = _bench.State.Attempts[0].IdempotencyKey });
            ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => claim.SettleAsync(_bench.Service.Client, Token));
            Assert.Equal(ApiframeErrorKind.JournalNotWritable, e.Kind);
        }
    }

    [Fact]
    public async Task A_prompt_that_the_service_never_received_is_submitted_under_the_next_key()
    {
        string? lost = Key((await LostAsync(["a"], accepted: []))[0]);

        JournalStep[] steps = await _bench.RunAsync(["a"], _ => 1);

        Assert.NotEqual(lost, Key(steps[0]));
        Assert.Equal(["NotFound", null], _bench.State.Attempts.Select(attempt => attempt.Error));
        Assert.IsType<JournalStep.Take>((await _bench.RunAsync(["a"], PaidTwice))[0]);
    }

    [Fact]
    public async Task One_read_of_the_list_settles_every_image_of_a_batch()
    {
        string[] prompts = ["a", "a", "b", "c", "c", "d"];
        await LostAsync(prompts, accepted: ["a", "a", "c", "d"]);

        JournalStep[] steps = await _bench.RunAsync(prompts, request => request.Prompt is "b" or "c" ? 50 + request.Prompt[0] : throw new InvalidOperationException("paid twice"));

        Assert.Equal(
            ["Take", "Take", "Submit", "Submit", "Take", "Take"],
            steps.Select((step, i) => (prompts[i], step.GetType().Name)).OrderBy(one => one.Item1).ThenBy(one => one.Item1 == "c" ? one.Name : string.Empty).Select(one => one.Name));
        Assert.Equal((3, 4), (_account.ListRequests, _account.JobRequests));
    }

    [Fact]
    public async Task More_jobs_than_open_attempts_leave_the_outcome_unknown()
    {
        await LostAsync(["a"], accepted: ["a", "a"]);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync(["a"], PaidTwice));
        await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync(["a"], PaidTwice));
        var step = Assert.IsType<JournalStep.Submit>((await _bench.RunAsync(["a"], _ => 50, resubmitUnknown: true))[0]);

        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, Charge.Perhaps, "a", true), (e.Kind, e.Charge!.Value, e.Request!.Prompt, e.IsKeyForgotten));
        Assert.Contains("submitted at 2026-11-20 10:00:00Z. The reason: 2 jobs from that time match the request, but the journal has only 1 such image without a job. The image was not submitted again.", e.Message, StringComparison.Ordinal);
        Assert.NotEqual(e.Request.IdempotencyKey, step.Request.IdempotencyKey);
        Assert.Equal(["SubmissionUnknown", null], _bench.State.Attempts.Select(attempt => attempt.Error));
    }

    [Fact]
    public async Task ResubmitUnknown_does_not_submit_an_image_whose_job_is_found()
    {
        await LostAsync(["a", "b"], accepted: ["a"]);

        JournalStep[] steps = await _bench.RunAsync(["a", "b"], _ => 50, resubmitUnknown: true);

        Assert.IsType<JournalStep.Take>(steps[0]);
        Assert.IsType<JournalStep.Submit>(steps[1]);
    }

    [Fact]
    public async Task Without_echoed_requests_the_outcome_stays_unknown()
    {
        await LostAsync(["a"], accepted: ["a"]);
        _account.HidesInput = true;

        Assert.Contains("does not report the request of a job from that time", await DoubtAsync("a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("\"no\"")]
    public async Task A_list_that_ends_too_early_leaves_the_outcome_unknown(string hasMore)
    {
        await LostAsync(["a"], accepted: []);
        (_account.ListedAtMost, _account.HasMore) = (0, hasMore);

        Assert.Contains("does not reach back", await DoubtAsync("a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_without_a_job_in_a_complete_list_is_submitted_again()
    {
        var bench = new JournalBench();
        _ = new FakeAccount(bench.Service);
        await bench.RunAsync(["a"], _ => null);
        bench.Service.Clock.Advance(TimeSpan.FromDays(2));

        Assert.IsType<JournalStep.Submit>((await bench.RunAsync(["a"], _ => 1))[0]);
    }

    [Fact]
    public async Task A_list_without_a_known_job_of_that_time_belongs_to_another_account()
    {
        await LostAsync(["a", "b", "c"], accepted: [], noted: prompt => prompt == "b" ? 7 : null);

        Assert.Contains("belongs to another account", await DoubtAsync("a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_different_times_are_all_found()
    {
        await _bench.RunAsync(["a"], _ => null);
        _account.Add(1, FakeService.Request("a"));
        Pass(TimeSpan.FromHours(5));
        for (int i = 0; i < 4; i++)
        {
            _account.Add(200 + i, FakeService.Request("another image"));
        }

        Pass(TimeSpan.FromHours(5));
        await _bench.RunAsync(["b"], _ => null);
        _account.Add(2, FakeService.Request("b"));
        Pass(TimeSpan.FromDays(2));

        JournalStep[] steps = await _bench.RunAsync(["a", "b"], PaidTwice);

        Assert.Equal([1, 2], steps.Select(step => Number(Assert.IsType<JournalStep.Take>(step).Job)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-20, true)]
    public async Task A_known_job_that_was_created_between_the_attempts_must_be_in_the_list(int createdHours, bool isSubmitted)
    {
        await _bench.RunAsync(["a"], _ => null);
        Pass(TimeSpan.FromHours(5));
        await _bench.RunAsync(["b"], _ => 7);
        BananaJob ended = new()
        {
            JobId = JournalBench.JobId(7), Status = "COMPLETED", CreditCost = 9, IsTold = true, CreatedAt = _bench.Service.Clock.UtcNow.AddHours(createdHours),
        };
        await _bench.NoteAsync(lease => lease.NoteAsync(ended));
        Pass(TimeSpan.FromHours(5));
        await _bench.RunAsync(["c"], _ => null);
        Pass(TimeSpan.FromDays(2));

        if (isSubmitted)
        {
            Assert.IsType<JournalStep.Submit>((await _bench.RunAsync(["a"], _ => 50))[0]);
        }
        else
        {
            Assert.Contains("belongs to another account", await DoubtAsync("a"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_job_in_the_journal_is_not_adopted_by_another_image()
    {
        await LostAsync(["a", "a"], accepted: [], noted: prompt => _account.Add(7, FakeService.Request(prompt)), notedAtMost: 1);

        JournalStep[] steps = await _bench.RunAsync(["a", "a"], _ => 50);

        Assert.Equal(["Submit", "Take"], steps.Select(step => step.GetType().Name).Order());
        Assert.Equal(0, _account.JobRequests);
    }

    [Fact]
    public async Task A_refunded_job_is_adopted_and_its_image_is_submitted_again()
    {
        await LostAsync(["a"], accepted: ["a"], status: "FAILED");

        Assert.IsType<JournalStep.Submit>((await _bench.RunAsync(["a"], _ => 50))[0]);
        Assert.Equal([JournalEntryState.Failed, JournalEntryState.Accepted], _bench.State.Attempts.Select(attempt => attempt.State));
    }

    [Fact]
    public async Task A_conflict_because_of_a_new_upload_address_leads_to_the_job_at_once()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(folder, "ref.png");
        await File.WriteAllBytesAsync(path, SampleImages.Png, Token);
        SubmitRequest request = FakeService.Request("a") with { ReferenceImage = [path] };
        SubmitRequest Sent(JournalStep step, int upload) => ((JournalStep.Submit)step).Request with { ReferenceImage = [$"https://cdn.example.net/upload-{upload}.png"] };

        JournalLease lease = _bench.Open();
        using (JournalClaim first = lease.BeginRun().Claim(request))
        {
            SubmitRequest sent = Sent(await first.SettleAsync(_bench.Service.Client, Token), 1);
            await first.IntendAsync(sent);
            _account.Add(1, sent);
        }

        Pass(TimeSpan.FromHours(3));
        using JournalClaim second = lease.BeginRun().Claim(request);
        await second.IntendAsync(Sent(await second.SettleAsync(_bench.Service.Client, Token), 2));
        bool mayKnowMore = await second.RefuseAsync(new ApiframeException(
            ApiframeErrorKind.SubmissionUnknown, "an earlier attempt", new ApiframeException(ApiframeErrorKind.Conflict, "same key, other body")));

        Assert.True(mayKnowMore);
        Assert.Equal(1, Number(Assert.IsType<JournalStep.Take>(await second.SettleAsync(_bench.Service.Client, Token)).Job));
        lease.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task After_a_conflict_an_image_is_submitted_again_only_with_ResubmitUnknown()
    {
        JournalLease lease = _bench.Open();
        using (JournalClaim claim = lease.BeginRun().Claim(FakeService.Request("a")))
        {
            await claim.IntendAsync(((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request);
            await claim.RefuseAsync(new ApiframeException(ApiframeErrorKind.Conflict, "same key, other body"));
        }

        await lease.ReleaseAsync();

        Assert.Contains("the service has already accepted a request with the idempotency key of the image", await DoubtAsync("a"), StringComparison.Ordinal);
        Assert.IsType<JournalStep.Submit>((await _bench.RunAsync(["a"], _ => 50, resubmitUnknown: true))[0]);
    }

    [Fact]
    public async Task A_job_that_can_belong_to_an_equal_image_with_a_valid_key_is_not_adopted()
    {
        await _bench.RunAsync(["a"], _ => null);
        Pass(TimeSpan.FromHours(22.5));
        await _bench.RunAsync(["a", "a"], _ => null);
        _account.Add(1, FakeService.Request("a"));
        Pass(TimeSpan.FromHours(1));

        string doubt = await DoubtAsync("a");
        Assert.Contains("may belong to an equal image", doubt, StringComparison.Ordinal);
        Assert.All(_bench.State.Entries, entry => Assert.Equal(JournalEntryState.Intended, entry.State));
    }

    [Fact]
    public async Task No_search_is_made_for_an_image_that_is_being_submitted()
    {
        await _bench.RunAsync(["a", "a"], _ => null);
        _account.Add(1, FakeService.Request("a"));
        Pass(TimeSpan.FromHours(22.5));
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();
        using JournalClaim first = run.Claim(FakeService.Request("a"));
        using JournalClaim second = run.Claim(FakeService.Request("a"));
        Assert.IsType<JournalStep.Submit>(await first.SettleAsync(_bench.Service.Client, Token));
        Pass(TimeSpan.FromHours(1));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => second.SettleAsync(_bench.Service.Client, Token));

        Assert.Contains("may belong to an equal image", e.Message, StringComparison.Ordinal);
        Assert.All(_bench.State.Entries, entry => Assert.Equal(JournalEntryState.Intended, entry.State));
    }

    [Fact]
    public async Task Equal_images_whose_claims_have_ended_are_searched_together_by_the_next_run_of_the_process()
    {
        using JournalLease lease = _bench.Open();
        JournalRun before = lease.BeginRun();
        foreach (JournalClaim claim in new[] { before.Claim(FakeService.Request("a")), before.Claim(FakeService.Request("a")) })
        {
            await claim.IntendAsync(((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request);
            claim.Dispose();
        }

        _account.Add(1, FakeService.Request("a"));
        _account.Add(2, FakeService.Request("a"));
        Pass(TimeSpan.FromDays(2));
        JournalRun after = lease.BeginRun();
        using JournalClaim first = after.Claim(FakeService.Request("a"));
        using JournalClaim second = after.Claim(FakeService.Request("a"));
        JournalStep[] steps = [await first.SettleAsync(_bench.Service.Client, Token), await second.SettleAsync(_bench.Service.Client, Token)];

        Assert.Equal([1, 2], steps.Select(step => Number(Assert.IsType<JournalStep.Take>(step).Job)).Order());
    }

    [Fact]
    public async Task An_image_whose_job_is_searched_is_not_being_submitted()
    {
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();
        using JournalClaim claim = run.Claim(FakeService.Request("a"));
        await claim.IntendAsync(((JournalStep.Submit)await claim.SettleAsync(_bench.Service.Client, Token)).Request);
        JournalPlace image = _bench.State.Entries.Single().Place!;
        bool isSubmitting = run.Open.IsSubmitting(image);
        await claim.RefuseAsync(new ApiframeException(ApiframeErrorKind.Conflict, "same key, other body"));

        await Assert.ThrowsAsync<ApiframeException>(() => claim.SettleAsync(_bench.Service.Client, Token));

        Assert.Equal((true, false), (isSubmitting, run.Open.IsSubmitting(image)));
    }

    [Fact]
    public async Task A_key_without_its_intent_line_leaves_the_outcome_unknown()
    {
        string key = Key((await LostAsync(["a"], accepted: ["a"]))[0])!;
        string[] lines = [_bench.Disk.Lines[0], JournalBench.Line(new JournalEvent.Refused(_bench.Service.Clock.UtcNow, key, "Conflict"))];
        var bench = new JournalBench(FakeDisk.With(System.Text.Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n")), _bench.Service);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => bench.RunAsync(["a"], PaidTwice));

        Assert.Contains("the journal is missing the line", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_the_list_stops_where_the_attempts_begin()
    {
        for (int i = 0; i < 20; i++)
        {
            _account.Add(200 + i, FakeService.Request("older"));
        }

        Pass(TimeSpan.FromHours(1));
        await LostAsync(["a"], accepted: ["a"]);

        await _bench.RunAsync(["a"], PaidTwice);

        Assert.Equal((2, 1), (_account.ListRequests, _account.JobRequests));
    }

    [Fact]
    public async Task An_adopted_job_survives_a_crash()
    {
        await LostAsync(["a"], accepted: ["a"]);
        await _bench.RunAsync(["a"], PaidTwice);
        _bench.Crash();
        int before = _bench.Service.Api.Sent.Count;

        Assert.IsType<JournalStep.Take>((await _bench.RunAsync(["a"], PaidTwice))[0]);

        Assert.Equal(before, _bench.Service.Api.Sent.Count);
    }

    private static int? PaidTwice(SubmitRequest request) => throw new InvalidOperationException("paid twice");

    private static string? Key(JournalStep step) => ((JournalStep.Submit)step).Request.IdempotencyKey;

    private static int Number(BananaJob job) => Convert.ToInt32(job.JobId.Split('-')[0], 16);

    private void Pass(TimeSpan time) => _bench.Service.Clock.Advance(time);

    private async Task<string> DoubtAsync(string prompt) =>
        (await Assert.ThrowsAsync<ApiframeException>(() => _bench.RunAsync([prompt], PaidTwice))) is { Kind: ApiframeErrorKind.SubmissionUnknown } e ? e.Message : string.Empty;

    /// <summary>
    /// Runs a batch that ends without a response, except for the prompts that <paramref name="noted"/> gives a job. The service has created jobs for the
    /// prompts in
    /// <paramref name="accepted"/>. Afterwards, two days pass.
    /// </summary>
    private async Task<JournalStep[]> LostAsync(
        string[] prompts, string[] accepted, Func<string, int?>? noted = null, int notedAtMost = int.MaxValue, string status = "COMPLETED")
    {
        int count = 0;
        JournalStep[] steps = await _bench.RunAsync(prompts, request => noted is null || Interlocked.Increment(ref count) > notedAtMost ? null : noted(request.Prompt));
        int number = 0;
        foreach (string prompt in accepted)
        {
            _account.Add(++number, FakeService.Request(prompt), status);
        }

        Pass(TimeSpan.FromDays(2));
        _account.Add(300, FakeService.Request("a"));
        return steps;
    }
}
