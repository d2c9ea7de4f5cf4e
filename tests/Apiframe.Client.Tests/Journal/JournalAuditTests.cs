using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

/// <summary>Tests what a receipt requests from the service and reads from the disk.</summary>
public sealed class JournalAuditTests
{
    private readonly JournalBench _bench = new();
    private readonly FakeAccount _account;

    public JournalAuditTests()
    {
        _account = new FakeAccount(_bench.Service);
        foreach (int number in new[] { 100, 101, 102, 103 })
        {
            _account.Add(number, FakeService.Request("before"));
        }

        _bench.Service.Clock.Advance(TimeSpan.FromHours(1));
    }

    private static DateTimeOffset Start => new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_read_back_to_before_the_first_request_of_the_journal()
    {
        await SubmittedAsync("a", "b", "c");
        _bench.Service.Clock.Advance(TimeSpan.FromDays(1));
        _account.Add(200, FakeService.Request("after"));

        JournalReceipt receipt = await AuditAsync();

        Assert.Equal((3, 3, 27m, true), (receipt.Jobs, receipt.Bills, receipt.Credits, receipt.IsJobListComplete));
        Assert.Equal(["a", "b", "c"], receipt.NotSaved.Select(image => image.Prompt));
        Assert.Empty(receipt.UnknownJobs);
        Assert.Equal((3, 0), (_account.ListRequests, _account.JobRequests));
    }

    [Fact]
    public async Task A_job_of_that_time_that_is_missing_in_the_journal_is_requested_for_its_input()
    {
        await SubmittedAsync("a");
        _account.Add(7, FakeService.Request("another"));

        JournalReceipt receipt = await AuditAsync();

        Assert.Equal((JournalBench.JobId(7), "another"), (receipt.UnknownJobs.Single().JobId, receipt.UnknownJobs.Single().Prompt));
        Assert.Empty(receipt.Duplicates);
        Assert.Equal(1, _account.JobRequests);
    }

    [Fact]
    public async Task A_job_with_the_same_request_outside_of_the_journal_is_a_duplicate()
    {
        await SubmittedAsync("a");
        _account.Add(7, FakeService.Request("a"));

        Assert.Equal(JournalBench.JobId(7), (await AuditAsync()).Duplicates.Single().JobId);
    }

    [Fact]
    public async Task A_job_that_the_list_lacks_is_requested_and_makes_the_list_incomplete()
    {
        await SubmittedAsync("a", "b", "c");
        _account.ListedAtMost = 2;

        JournalReceipt receipt = await AuditAsync();

        Assert.Equal((3, 27m, 1, false), (receipt.Bills, receipt.Credits, _account.JobRequests, receipt.IsJobListComplete));
        Assert.Empty(receipt.MissingJobs);
    }

    [Theory]
    [InlineData("false", true)]
    [InlineData("null", false)]
    public async Task A_list_that_ends_before_the_time_of_the_first_request_is_complete_if_the_service_says_so(string hasMore, bool isComplete)
    {
        var bench = new JournalBench();
        var account = new FakeAccount(bench.Service) { HasMore = hasMore };
        await bench.RunAsync(["a"], request => account.Add(1, request));

        Assert.Equal(isComplete, (await JournalAudit.RunAsync([bench.State], bench.Service.Client, cancellationToken: Token)).IsJobListComplete);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(5.01, false)]
    public async Task A_job_from_five_minutes_before_a_request_may_belong_to_it(double minutes, bool isUnknown)
    {
        _account.Add(7, FakeService.Request("another"));
        _bench.Service.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await SubmittedAsync("a");

        Assert.Equal(isUnknown, (await AuditAsync()).UnknownJobs.Count == 1);
        Assert.Equal(isUnknown ? 2 : 1, _account.ListRequests);
    }

    [Theory]
    [InlineData(0, 60, true)]
    [InlineData(0, 60.01, false)]
    [InlineData(50, 100, true)]
    [InlineData(50, 110.01, false)]
    [InlineData(180, 120, false)]
    [InlineData(180, 200, true)]
    public async Task A_job_from_the_hour_after_a_request_may_belong_to_it(double secondRequestAt, double jobAt, bool isUnknown)
    {
        await SubmittedAsync("a");
        foreach ((double at, bool isRequest) in new[] { (secondRequestAt, true), (jobAt, false) }.Order())
        {
            _bench.Service.Clock.Advance(Start.AddMinutes(at) - _bench.Service.Clock.UtcNow);
            _ = isRequest ? (await _bench.RunAsync(["b"], request => _account.Add(2, request))).Length : _account.Add(7, FakeService.Request("another"));
        }

        JournalReceipt receipt = await AuditAsync();

        Assert.Equal((2, isUnknown), (receipt.Bills, receipt.UnknownJobs.Count == 1));
        Assert.Empty(receipt.MissingJobs);
    }

    [Fact]
    public async Task The_time_of_a_request_without_a_job_or_without_its_line_counts_too()
    {
        await _bench.RunAsync(["a"], _ => null);
        _account.Add(7, FakeService.Request("a"));
        Assert.Equal((1, 1, 0), (await AuditAsync() is var lost ? (lost.UnknownJobs.Count, lost.Bills, lost.Duplicates.Count) : default));

        JournalState accepted = JournalBench.Read(
            JournalBench.Line(new JournalEvent.Begun(Start, "an id")),
            JournalBench.Line(new JournalEvent.Accepted(_bench.Service.Clock.UtcNow, "k", JournalBench.JobId(8), "QUEUED", IsAdopted: false)));
        JournalReceipt receipt = await JournalAudit.RunAsync([accepted], _bench.Service.Client, cancellationToken: Token);
        Assert.Equal(JournalBench.JobId(7), receipt.UnknownJobs.Single().JobId);
    }

    [Fact]
    public async Task The_time_of_a_job_without_its_request_is_its_creation_even_if_its_acceptance_was_noted_hours_later()
    {
        _account.Add(8, FakeService.Request("a"));
        _bench.Service.Clock.Advance(TimeSpan.FromMinutes(10));
        _account.Add(7, FakeService.Request("another"));
        JournalState journal = JournalBench.Read(
            JournalBench.Line(new JournalEvent.Begun(Start, "an id")),
            JournalBench.Line(new JournalEvent.Accepted(Start.AddHours(3), "k", JournalBench.JobId(8), "QUEUED", IsAdopted: false)),
            JournalBench.Line(new JournalEvent.Ended(Start.AddHours(3), JournalBench.JobId(8), "COMPLETED") { CreditCost = 9, CreatedAt = Start, ImageCount = 1 }));

        JournalReceipt receipt = await JournalAudit.RunAsync([journal], _bench.Service.Client, cancellationToken: Token);

        Assert.Equal(JournalBench.JobId(7), receipt.UnknownJobs.Single().JobId);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(5.01, true)]
    public async Task A_list_that_lacks_a_known_job_from_five_minutes_before_the_first_request_is_not_complete(double minutes, bool isComplete)
    {
        var bench = new JournalBench();
        var account = new FakeAccount(bench.Service) { ListedAtMost = 0 };
        account.Add(1, FakeService.Request("a"));
        bench.Service.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await bench.RunAsync(["a"], _ => 1);

        Assert.Equal(isComplete, (await JournalAudit.RunAsync([bench.State], bench.Service.Client, cancellationToken: Token)).IsJobListComplete);
    }

    [Fact]
    public async Task A_lost_response_is_requested_again()
    {
        await SubmittedAsync("a", "b");
        _account.Add(7, FakeService.Request("another"));
        _account.LosesNext.UnionWith(["jobs", JournalBench.JobId(7)]);

        JournalReceipt receipt = await AuditAsync();

        Assert.Equal((2, "another"), (receipt.Bills, receipt.UnknownJobs.Single().Prompt));
    }

    [Fact]
    public async Task The_saved_files_are_read_and_journals_that_could_not_be_read_are_named()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        var file = new FileInfo(Path.Combine(folder, "kite.png"));
        await File.WriteAllTextAsync(file.FullName, "kite", Token);
        await SubmittedAsync("a");
        using (FileStream reader = file.OpenRead())
        {
            await _bench.NoteAsync(lease => lease.NoteSavedAsync(_bench.Told(1, "COMPLETED", 9), 0, file));
        }

        JournalReceipt whole = await JournalAudit.RunAsync([_bench.State], client: null, cancellationToken: Token);
        await File.WriteAllTextAsync(file.FullName, "tree", Token);
        JournalReceipt changed = await JournalAudit.RunAsync([_bench.State], client: null, notRead: ["lost.jsonl"], cancellationToken: Token);

        Assert.Equal((true, 1, 0), (whole.IsComplete, whole.Files, whole.NotRead.Count));
        Assert.Equal((1, "lost.jsonl"), (changed.ChangedFiles.Count, changed.NotRead.Single()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => JournalAudit.RunAsync([_bench.State], client: null, cancellationToken: new CancellationToken(canceled: true)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_job_that_the_account_does_not_have_is_named()
    {
        await _bench.RunAsync(["a"], _ => 1);

        JournalReceipt receipt = await AuditAsync();

        Assert.Equal(JournalBench.JobId(1), receipt.MissingJobs.Single().JobId);
        Assert.Empty(receipt.Open);
    }

    [Fact]
    public async Task Without_a_client_nothing_is_sent()
    {
        await SubmittedAsync("a");

        JournalReceipt receipt = await JournalAudit.RunAsync([_bench.State], client: null, cancellationToken: Token);

        Assert.Equal((true, 1), (receipt.IsOffline, receipt.Open.Count));
        Assert.Empty(_bench.Service.Api.Sent);
    }

    [Fact]
    public async Task A_journal_without_requests_causes_no_list_request()
    {
        Assert.Equal(0, (await JournalAudit.RunAsync([JournalBench.Read()], _bench.Service.Client, cancellationToken: Token)).Prompts);
        Assert.Empty(_bench.Service.Api.Sent);
    }

    [Theory]
    [InlineData("kite", "Whole")]
    [InlineData("tree", "Changed")]
    [InlineData("longer", "Changed")]
    [InlineData(null, "Missing")]
    public void A_file_is_complete_if_its_length_and_hash_match(string? content, string state)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "kite.png");
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        var file = new JournalFile(0, path, 4, Sha256.Of(new MemoryStream(Encoding.ASCII.GetBytes("kite"))).ToUpperInvariant(), DateTimeOffset.UnixEpoch);

        using FileStream? reader = content is null ? null : File.OpenRead(path);
        Assert.Equal((state, state == "Whole"), (file.Check().ToString(), file.IsWhole()));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_changed()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "kite.png");
        File.WriteAllText(path, "kite");
        var file = new JournalFile(0, path, 4, Sha256.Of("kite"u8.ToArray()), DateTimeOffset.UnixEpoch);

        using (var other = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(JournalFileState.Changed, file.Check());
        }

        Assert.Equal(JournalFileState.Whole, file.Check());
        Assert.Equal(JournalFileState.Changed, (file with { File = "kite\0.png" }).Check());
    }

    [Fact]
    public void A_folder_with_the_path_of_a_file_is_a_missing_file() =>
        Assert.Equal(JournalFileState.Missing, new JournalFile(0, Path.GetTempPath(), 4, string.Empty, DateTimeOffset.UnixEpoch).Check());

    private Task<JournalReceipt> AuditAsync() => JournalAudit.RunAsync([_bench.State], _bench.Service.Client, concurrency: 2, cancellationToken: Token);

    /// <summary>Runs a batch in which each prompt gets a job.</summary>
    private Task<JournalStep[]> SubmittedAsync(params string[] prompts) =>
        _bench.RunAsync(prompts, request => _account.Add(1 + Array.IndexOf(prompts, request.Prompt), request));
}
