using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalWriterTests
{
    private readonly FakeDisk _disk = new();

    [Fact]
    public async Task A_line_survives_a_crash_after_its_append_has_ended()
    {
        await Writer().AppendAsync(Line("a"));

        Assert.Equal("a\n", Text(_disk.Durable));
    }

    [Fact]
    public async Task An_append_ends_only_after_the_flush()
    {
        using var gate = new ManualResetEventSlim();
        _disk.Gate = gate;

        Task written = Writer().AppendAsync(Line("a"));
        bool early = written.IsCompleted;
        string crashed = Text(_disk.Durable);
        gate.Set();
        await written;

        Assert.Equal((false, string.Empty, "a\n"), (early, crashed, Text(_disk.Durable)));
    }

    [Fact]
    public async Task All_waiting_lines_share_one_flush_and_stay_in_order()
    {
        using var gate = new ManualResetEventSlim();
        _disk.Gate = gate;
        JournalWriter writer = Writer();

        Task first = writer.AppendAsync(Line("0"));
        SpinWait.SpinUntil(() => _disk.Written.Length > 0, TimeSpan.FromSeconds(30));
        Task[] rest = [.. Enumerable.Range(1, 1000).Select(i => writer.AppendAsync(Line(Number(i))))];
        gate.Set();
        await first;
        await Task.WhenAll(rest);

        Assert.Equal(2, _disk.Flushes);
        Assert.Equal(Enumerable.Range(0, 1001).Select(Number), _disk.Lines);
    }

    [Fact]
    public async Task Waiting_lines_hold_no_threads()
    {
        using var gate = new ManualResetEventSlim();
        _disk.Gate = gate;
        JournalWriter writer = Writer();

        Task[] waiting = [.. Enumerable.Range(0, 10_000).Select(i => writer.AppendAsync(Line(Number(i))))];

        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        gate.Set();
        await Task.WhenAll(waiting);
        Assert.InRange(_disk.Flushes, 1, 2);
    }

    [Fact]
    public async Task All_lines_of_many_threads_are_written_completely()
    {
        JournalWriter writer = Writer();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await writer.AppendAsync(Line($"{thread}:{i}"));
            }
        })));

        Assert.Equal(
            Enumerable.Range(0, 8).SelectMany(thread => Enumerable.Range(0, 200).Select(i => $"{thread}:{i}")).Order(StringComparer.Ordinal),
            _disk.Lines.Order(StringComparer.Ordinal));
        Assert.True(writer.TryClose());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task After_a_line_fails_on_a_full_disk_every_later_line_fails(int room)
    {
        JournalWriter writer = Writer();
        _disk.Room = room;
        var failures = new List<ApiframeException>();
        int written = 0;
        for (int i = 0; i < 5; i++)
        {
            try
            {
                await writer.AppendAsync(Line(Number(i)));
                written++;
            }
            catch (ApiframeException e)
            {
                failures.Add(e);
                _disk.Room = int.MaxValue;
            }
        }

        Assert.Equal(room / 2, written);
        Assert.Equal(5 - written, failures.Count);
        Assert.All(failures, e => Assert.Equal(ApiframeErrorKind.JournalNotWritable, e.Kind));
        Assert.Contains("No space left on device", failures[0].Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, written).Select(Number), _disk.Lines);
        Assert.Equal(failures[0], writer.Failure);
    }

    [Fact]
    public async Task A_partly_written_line_is_removed()
    {
        JournalWriter writer = Writer();
        await writer.AppendAsync(Line("whole"));
        _disk.Room = 8;

        await Assert.ThrowsAsync<ApiframeException>(() => writer.AppendAsync(Line("cut off")));

        Assert.Equal("whole\n", Text(_disk.Written));
    }

    [Fact]
    public async Task A_failed_removal_of_a_partial_line_keeps_the_first_error()
    {
        JournalWriter writer = Writer();
        (_disk.Room, _disk.CannotTruncate) = (3, true);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => writer.AppendAsync(Line("cut off")));

        Assert.Contains("No space left on device", e.Message, StringComparison.Ordinal);
        Assert.Equal("cut", Text(_disk.Written));
    }

    [Fact]
    public async Task A_failed_flush_fails_the_lines_that_wait_for_it_and_all_later_lines()
    {
        using var gate = new ManualResetEventSlim();
        (_disk.Gate, _disk.FlushFailure) = (gate, new IOException("Input/output error"));
        JournalWriter writer = Writer();

        Task first = writer.AppendAsync(Line("0"));
        SpinWait.SpinUntil(() => _disk.Written.Length > 0, TimeSpan.FromSeconds(30));
        Task second = writer.AppendAsync(Line("1"));
        gate.Set();

        await Assert.ThrowsAsync<ApiframeException>(() => first);
        await Assert.ThrowsAsync<ApiframeException>(() => second);
        await Assert.ThrowsAsync<ApiframeException>(writer.DrainAsync);
        Assert.Empty(_disk.Durable);
    }

    [Fact]
    public async Task An_unexpected_exception_fails_all_waiting_lines()
    {
        _disk.FlushFailure = new InvalidOperationException("What?");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => Writer().AppendAsync(Line("a")));

        Assert.Equal(ApiframeErrorKind.JournalNotWritable, e.Kind);
    }

    [Fact]
    public async Task A_file_that_another_program_changed_is_not_written_and_keeps_its_lines()
    {
        JournalWriter writer = Writer();
        await writer.AppendAsync(Line("mine"));
        _disk.WriteFromElsewhere("theirs\n");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => writer.AppendAsync(Line("mine too")));

        Assert.Contains("Another process has changed the file", e.Message, StringComparison.Ordinal);
        Assert.Equal(["mine", "theirs"], _disk.Lines);
    }

    [Fact]
    public async Task A_journal_closes_after_all_lines_are_written()
    {
        using var gate = new ManualResetEventSlim();
        using var idle = new SemaphoreSlim(0);
        _disk.Gate = gate;
        JournalWriter writer = Writer(() => idle.Release());
        Task written = writer.AppendAsync(Line("a"));

        bool early = writer.TryClose();
        gate.Set();
        await written;
        bool closed = writer.TryClose();

        Assert.Equal((false, true, false), (early, closed, _disk.IsOpen));
        Assert.True(await idle.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    private JournalWriter Writer(Action? idle = null) => new(_disk.Open("autumn.jsonl"), "autumn.jsonl") { Idle = idle };

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
