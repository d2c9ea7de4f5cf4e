using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalLineTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 9, 0, 0, 123, TimeSpan.Zero);

    private static readonly string Hash = new('a', 64);

    private static readonly SubmitRequest Request = new()
    {
        Prompt = "A kite\nover \"Kraków\" 🍌", Model = "nano-banana-2", Resolution = "2K", AspectRatio = "16:9", OutputFormat = "png",
        ReferenceImage = ["https://a.example/1.png", "https://cdn.example.net/up.png"], GoogleSearch = true, ImageSearch = true,
        WebhookUrl = "https://user:password@hooks.example.net/x?token=secret", WebhookEvent = ["completed"],
    };

    public static TheoryData<string, string> Lines => new()
    {
        { "uploaded", $$"""{"event":"uploaded","at":"2026-11-20T09:00:00.123Z","sha256":"{{Hash}}","url":"https://cdn.example.net/up.png","expiresAt":"2026-11-20T10:00:00.000Z"}""" },
        { "accepted", $$"""{"event":"accepted","at":"2026-11-20T09:00:00.123Z","key":"journal-1","jobId":"{{FakeService.JobId}}","status":"QUEUED"}""" },
        { "adopted", $$"""{"event":"accepted","at":"2026-11-20T09:00:00.123Z","key":"journal-1","jobId":"{{FakeService.JobId}}","status":"QUEUED","adopted":true}""" },
        { "refused", """{"event":"refused","at":"2026-11-20T09:00:00.123Z","key":"journal-1","kind":"InsufficientCredits"}""" },
        { "completed", $$"""{"event":"completed","at":"2026-11-20T09:00:00.123Z","jobId":"{{FakeService.JobId}}","creditCost":9,"createdAt":"2026-11-20T08:59:00.000Z","completedAt":"2026-11-20T09:00:00.000Z","images":1}""" },
        { "failed", $$"""{"event":"failed","at":"2026-11-20T09:00:00.123Z","jobId":"{{FakeService.JobId}}","creditCost":0,"error":"Declined"}""" },
        { "cancelled", $$"""{"event":"cancelled","at":"2026-11-20T09:00:00.123Z","jobId":"{{FakeService.JobId}}"}""" },
        { "saved", $$"""{"event":"saved","at":"2026-11-20T09:00:00.123Z","jobId":"{{FakeService.JobId}}","index":0,"file":"images/a-kite.png","length":123,"sha256":"{{Hash}}"}""" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_event_is_read_and_written_as_documented(string name, string line)
    {
        JournalEvent? entry = JournalBench.Entry(line);

        Assert.NotNull(entry);
        Assert.True(JournalBench.Line(entry) == line, name);
    }

    [Fact]
    public void An_intent_contains_the_request_in_the_format_of_the_API_and_the_uploaded_local_files() => Assert.Equal(
        $$"""
        {"event":"intended","at":"2026-11-20T09:00:00.123Z","key":"journal-1","fingerprint":"{{Hash}}","ordinal":2,"attempt":3,"request":{"model":"nano-banana-2","prompt":"A kite\nover \"Kraków\" \uD83C\uDF4C","nanoBananaParams":{"aspect_ratio":"16:9","resolution":"2K","image_input":["https://a.example/1.png","https://cdn.example.net/up.png"],"output_format":"png","google_search":true,"image_search":true},"webhookUrl":"https://***@hooks.example.net/x?***","webhookEvents":["completed"]},"local":[{"index":1,"path":"/refs/up.png","sha256":"{{Hash}}"}]}
        """,
        JournalBench.Line(Intended()));

    [Fact]
    public void An_intent_is_read_with_every_option()
    {
        var read = Assert.IsType<JournalEvent.Intended>(JournalBench.Entry(JournalBench.Line(Intended())));

        Assert.Equal(Request.Prompt, read.Request.Prompt);
        Assert.Equal(Request.ReferenceImage, read.Request.ReferenceImage);
        Assert.Equal(Request.ToOptions() with { ReferenceImage = [] }, read.Request.ToOptions() with { ReferenceImage = [] });
        Assert.Equal((At, "journal-1", Hash, 2, 3), (read.At, read.Key, read.Fingerprint, read.Ordinal, read.Attempt));
        Assert.Equal([new JournalEvent.Local(1, "/refs/up.png", Hash)], read.Locals);
    }

    [Fact]
    public void No_line_contains_a_password_or_a_token_of_a_webhook()
    {
        string line = JournalBench.Line(Intended());

        Assert.DoesNotContain("password", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_unknown_field_is_ignored(string name, string line)
    {
        const string unknown = """ "later":{"a":[1,2],"key":"other","jobId":"other","creditCost":7},"since":"2001-01-01T00:00:00Z","aTwelfthName":1,"aNameOfManyLetters":2 """;

        Assert.True(JournalBench.Entry(line.Insert(1, unknown + ",")) == JournalBench.Entry(line), name);
        Assert.True(JournalBench.Entry(line.Insert(line.Length - 1, "," + unknown)) == JournalBench.Entry(line), name);
    }

    [Theory]
    [InlineData(""","error":{"creditCost":7,"jobId":"other","event":"completed"}""")]
    [InlineData(""","request":[{"creditCost":7,"jobId":"other","event":"completed"}]""")]
    public void A_field_with_a_value_of_another_kind_is_ignored_with_all_its_content(string field)
    {
        string line = JournalBench.Line(new JournalEvent.Ended(At, FakeService.JobId, "FAILED"));

        Assert.Equal(JournalBench.Entry(line), JournalBench.Entry(line.Insert(line.Length - 1, field)));
    }

    [Fact]
    public void The_last_of_two_equal_fields_counts_and_a_field_name_can_be_escaped() => Assert.Equal(
        new JournalEvent.Refused(At, "k", "Conflict"),
        JournalBench.Entry("""{"event":"accepted","\u0065vent":"refused","at":"2026-11-20T09:00:00.123Z","key":1,"key":"k","kind":{"a":1},"kind":"Conflict","\u006cater":1}"""));

    [Fact]
    public void Times_are_recorded_in_whole_milliseconds() => Assert.Equal(At, JournalLine.Rounded(At.AddTicks(9_999)));

    [Fact]
    public void An_unknown_event_is_ignored() =>
        Assert.Null(JournalBench.Entry("""{"event":"pondered"}"""));

    [Fact]
    public void An_event_without_a_required_field_is_rejected_with_the_name_of_the_field()
    {
        var required = new Dictionary<string, string[]>
        {
            ["uploaded"] = ["at", "sha256", "url"],
            ["accepted"] = ["at", "key", "jobId"],
            ["refused"] = ["at", "key", "kind"],
            ["completed"] = ["at", "jobId"],
            ["saved"] = ["at", "jobId", "index", "file", "length", "sha256"],
        };
        foreach ((string name, string line) in Lines.Select(row => row.Data))
        {
            foreach (string field in required.GetValueOrDefault(name, []))
            {
                string without = line.Replace($"\"{field}\":", "\"other\":", StringComparison.Ordinal);
                FormatException e = Assert.Throws<FormatException>(() => JournalBench.Entry(without));
                Assert.Contains($"'{field}'", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Requests_with_different_options_are_different_in_any_number_of_lines()
    {
        SubmitRequest[] requests =
        [
            Request, Request with { Prompt = "Another" }, Request with { Resolution = "4K" }, Request with { Model = "nano-banana-pro" }, new() { Prompt = "x" },
            new() { Prompt = "y", Model = "nano-banana-pro" }, Request with { ReferenceImage = ["https://a.example/2.png", "https://a.example/3.png"] }, Request,
        ];
        var fields = new JournalFields();

        foreach (SubmitRequest request in requests)
        {
            fields.Read(JournalLine.Write(Intended() with { Request = request }).AsSpan()[..^1]);
            SubmitRequest read = fields.Request!;
            Assert.Equal((request.Prompt, request.Model ?? "nano-banana-2"), (read.Prompt, read.Model));
            Assert.Equal(request.ReferenceImage, read.ReferenceImage);
            Assert.Equal(request.ToOptions() with { Model = null, ReferenceImage = [] }, read.ToOptions() with { Model = null, ReferenceImage = [] });
        }
    }

    [Theory]
    [InlineData("\"prompt\":", "\"\\ud800\":1,\"words\":")]
    [InlineData("\"prompt\":", "\"prompt\":1,\"words\":")]
    [InlineData("\"request\":{", "\"request\":7,\"other\":{")]
    [InlineData("\"ordinal\":2", "\"ordinal\":-1")]
    [InlineData("\"ordinal\":2", "\"ordinal\":99999999999")]
    [InlineData("\"attempt\":3", "\"attempt\":\"x\"")]
    [InlineData("\"index\":1", "\"index\":2")]
    [InlineData("\"prompt\":", "\"words\":")]
    public void An_intent_with_a_value_that_is_not_valid_is_rejected(string good, string bad) => Assert.Throws<FormatException>(
        () => JournalBench.Entry(JournalBench.Line(Intended()).Replace(good, bad, StringComparison.Ordinal)));

    private static JournalEvent.Intended Intended() => new(At, "journal-1", Hash, 2, 3, Request) { Locals = [new JournalEvent.Local(1, "/refs/up.png", Hash)] };
}
