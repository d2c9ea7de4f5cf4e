using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalReaderTests : IDisposable
{
    private const string First = """{"event":"journal","version":1,"id":"5c2b9a7e-0d4f-4a61-b3c8-9e1f2a3b4c5d","createdAt":"2026-11-20T09:00:00.000Z"}""";

    private static readonly string Accepted = JournalBench.Line(new JournalEvent.Accepted(DateTimeOffset.UnixEpoch, "k", FakeService.JobId, "QUEUED", false));

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_journal_returns_its_jobs()
    {
        JournalState state = JournalBench.Read(First, Accepted);

        Assert.Equal((FakeService.JobId, JournalEntryState.Accepted), (state.Entries.Single().JobId, state.Entries.Single().State));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), state.CreatedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("{\"event\":\"jour")]
    [InlineData("{\"event\":\"journal\",\"version\":1,\"id\":\"5c")]
    [InlineData("\uFEFF")]
    public void A_file_with_no_complete_first_line_is_an_empty_journal(string content) => Assert.Null(JournalBench.Read(Encoding.UTF8.GetBytes(content)).CreatedAt);

    [Theory]
    [InlineData("a kite")]
    [InlineData("a kite\n")]
    [InlineData("{\"prompt\":\"a kite\"}")]
    [InlineData("{\"event\":\"accepted\"}\n")]
    [InlineData("prompt,model\n\"a kite\",nano-banana-2\n")]
    [InlineData("[]\n")]
    [InlineData("{\"event\":\"journal\"}\n")]
    [InlineData("{\"event\":\"journal\",\"version\":0,\"id\":\"x\",\"createdAt\":\"2026-11-20T09:00:00.000Z\"}\n")]
    [InlineData("{\"event\":\"journal\",\"version\":\"x\",\"id\":\"x\",\"createdAt\":\"2026-11-20T09:00:00.000Z\"}\n")]
    public void A_file_of_another_kind_is_neither_a_journal_nor_a_journal_that_was_cut_off(string content)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => JournalBench.Read(Encoding.UTF8.GetBytes(content)));

        Assert.Equal(ApiframeErrorKind.JournalDamaged, e.Kind);
        Assert.Contains("is not a journal. Line 1 ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public void A_journal_of_a_later_format_is_rejected(string version)
    {
        string later = First.Replace("\"version\":1", "\"version\":" + version, StringComparison.Ordinal);

        ApiframeException e = Assert.Throws<ApiframeException>(() => JournalBench.Read(later, "no line that this version can read"));

        Assert.Equal(ApiframeErrorKind.JournalUnsupported, e.Kind);
        Assert.Contains($"has format {version}.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not JSON", "it is not valid JSON")]
    [InlineData("{\"event\":\"acc", "it is not valid JSON")]
    [InlineData("\0\0\0\0", "it is not valid JSON")]
    [InlineData("[1]", "it is not a JSON object")]
    [InlineData("{}", "it has no valid 'event'")]
    [InlineData("{\"event\":\"\\ud800\"}", "it has no valid 'event'")]
    [InlineData("{\"event\":\"accepted\",\"at\":\"2026-11-20T09:00:00Z\",\"key\":\"k\"}", "it has no valid 'jobId'")]
    [InlineData(First, "a second journal begins at this line")]
    public void A_line_that_cannot_be_read_is_reported_as_damage_with_its_number(string line, string why)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => JournalBench.Read(First, Accepted, line, Accepted));

        Assert.Equal(ApiframeErrorKind.JournalDamaged, e.Kind);
        Assert.Equal($"Line 3 of the journal '{JournalBench.Journal.Path}' cannot be read: {why}. No request was sent.", e.Message);
    }

    [Fact]
    public void A_line_above_the_maximum_length_is_damage()
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => JournalBench.Read(First, new string('x', 3 * 1024 * 1024)));

        Assert.Contains("Line 2 ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_with_the_longest_escaped_prompt_and_14_long_addresses_is_read()
    {
        string intent = JournalBench.Line(new JournalEvent.Intended(DateTimeOffset.UnixEpoch, "k", "f", 1, 1, new SubmitRequest
        {
            Prompt = new string('\u0001', SubmitRequest.MaximumPromptLength),
            ReferenceImage = [.. Enumerable.Range(0, 14).Select(i => $"https://a.example/{i}/" + new string('x', 8000))],
        }));

        Assert.Equal(14, JournalBench.Read(First, intent).Entries.Single().ReferenceImage!.Count);
    }

    [Theory]
    [InlineData("\r\n", "")]
    [InlineData("\n\n \t\n", "")]
    [InlineData("\n", "\uFEFF")]
    public void A_byte_order_mark_Windows_line_ends_and_blank_lines_are_ignored(string lineEnd, string start) =>
        Assert.Single(JournalBench.Read(Encoding.UTF8.GetBytes(start + First + lineEnd + Accepted + lineEnd)).Entries);

    [Fact]
    public void A_key_and_a_job_ID_can_be_escaped()
    {
        JournalEntry entry = JournalBench.Read(First, Accepted, Accepted.Replace("\"k\"", "\"\\u006b\"", StringComparison.Ordinal).Replace("-", "\\u002d", StringComparison.Ordinal)).Entries.Single();

        Assert.Equal(("k", FakeService.JobId), (entry.IdempotencyKey, entry.JobId));
    }

    [Fact]
    public void A_text_that_is_not_valid_UTF_8_is_damage()
    {
        byte[] content = Encoding.UTF8.GetBytes(First + "\n" + Accepted.Replace("\"k\"", "\"k\u00FF\"", StringComparison.Ordinal) + "\n");
        content[Array.IndexOf(content, (byte)0xC3)] = 0xFF;

        Assert.Contains("it has no valid 'key'", Assert.Throws<ApiframeException>(() => JournalBench.Read(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_complete_last_line_counts_without_a_line_feed() => Assert.Single(JournalBench.Read(Encoding.UTF8.GetBytes(First + "\n" + Accepted)).Entries);

    [Fact]
    public void A_complete_last_line_that_cannot_be_read_is_damage() =>
        Assert.Throws<ApiframeException>(() => JournalBench.Read(Encoding.UTF8.GetBytes(First + "\n" + """{"event":"accepted"}""")));

    [Fact]
    public void Lines_are_read_for_every_position_of_the_buffer_boundary()
    {
        byte[] content = Encoding.UTF8.GetBytes(First + "\n" + string.Concat(Enumerable.Range(0, 50).Select(i => JournalBench.Line(
            new JournalEvent.Accepted(DateTimeOffset.UnixEpoch, "k" + i, JournalBench.JobId(i), new string('Q', i), false)) + "\n")));
        foreach (int piece in new[] { 1, 2, 3, 7, 100 })
        {
            var state = new JournalState(JournalBench.Journal);
            Assert.Equal((content.Length, false), JournalReader.Read(new Pieces(content, piece), state));
            Assert.Equal(50, state.Entries.Count);
        }
    }

    [Theory]
    [InlineData("", 40_000)]
    [InlineData("{\"event\":\"acc", 40_000)]
    [InlineData("not JSON\n", null)]
    [InlineData("{\"event\":\"accepted\"}\n", null)]
    public void A_large_journal_is_read_like_a_small_one(string end, int? jobs)
    {
        byte[] content = Encoding.UTF8.GetBytes(First + "\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => JournalBench.Line(
            new JournalEvent.Accepted(DateTimeOffset.UnixEpoch, "k" + i, JournalBench.JobId(i), "QUEUED", false)) + "\n")));
        Assert.InRange(content.Length, 5_000_000, int.MaxValue);
        var state = new JournalState(JournalBench.Journal);
        using var file = new MemoryStream([.. content, .. Encoding.UTF8.GetBytes(end)]);

        if (jobs is not null)
        {
            Assert.Equal((content.Length, false), JournalReader.Read(file, state));
            Assert.Equal(Enumerable.Range(0, jobs.Value).Select(JournalBench.JobId), state.Entries.Select(entry => entry.JobId!));
        }
        else
        {
            Assert.Contains("Line 40002 ", Assert.Throws<ApiframeException>(() => JournalReader.Read(file, state)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_journal_can_be_read_while_it_is_written()
    {
        var journal = new BananaJournal(Path.Combine(_folder, "autumn.jsonl"));
        var registry = new JournalRegistry(new FakeClock());
        using JournalLease lease = registry.Open(journal);
        Assert.Empty(journal.Read().Entries);

        await lease.NoteAsync(new BananaJob { JobId = FakeService.JobId, Status = "COMPLETED", IsTold = true });

        Assert.Equal(JournalEntryState.Completed, journal.Read().Entries.Single().State);
    }

    [Fact]
    public void Reading_does_not_create_a_journal()
    {
        string path = Path.Combine(_folder, "none.jsonl");

        Assert.Throws<FileNotFoundException>(() => new BananaJournal(path).Read());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_not_valid_is_rejected(string path)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => new BananaJournal(path));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, Charge.NotSent), (e.Kind, e.Charge!.Value));
    }

    /// <summary>A stream that returns its content in small pieces.</summary>
    private sealed class Pieces(byte[] content, int size) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, size));
    }
}
