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
        _account.Add(100, FakeService.Request("before"));
        _bench.Service.Clock.Advance(TimeSpan.FromHours(1));
    }

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

        Assert.Equal((3, 1, false), (receipt.Bills, _account.JobRequests, receipt.IsJobListComplete));
        Assert.Empty(receipt.MissingJobs);
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

        Assert.Equal((state, state == "Whole"), (file.Check().ToString(), file.IsWhole()));
    }

    [Fact]
    public void A_folder_with_the_path_of_a_file_is_a_missing_file() =>
        Assert.Equal(JournalFileState.Missing, new JournalFile(0, Path.GetTempPath(), 4, string.Empty, DateTimeOffset.UnixEpoch).Check());

    private Task<JournalReceipt> AuditAsync() => JournalAudit.RunAsync([_bench.State], _bench.Service.Client, concurrency: 2, cancellationToken: Token);

    /// <summary>Runs a batch in which each prompt gets a job.</summary>
    private Task<JournalStep[]> SubmittedAsync(params string[] prompts) =>
        _bench.RunAsync(prompts, request => _account.Add(1 + Array.IndexOf(prompts, request.Prompt), request));
}
