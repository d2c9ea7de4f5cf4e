using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Apiframe.Client.Journal;
using Apiframe.Client.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Apiframe.Client.Tests.ManyCases;

/// <summary>Checks rules for every journal against thousands of random ones. Few keys and jobs are used, so that their lines occur in every order.</summary>
public sealed class JournalPropertyTests
{
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(3000);
    private static readonly DateTimeOffset T = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly string First = JournalBench.Line(new JournalEvent.Begun(T, "an id"));

    [Fact]
    public void Every_beginning_of_a_journal_can_be_read_and_contains_every_job_that_it_notes() => Check(events =>
    {
        byte[] content = Content(events);
        int[] lineEnds = [.. Enumerable.Range(0, content.Length).Where(at => content[at] == '\n').SelectMany(at => new[] { at - 1, at, at + 1 })];
        foreach (int length in lineEnds.Concat(Enumerable.Range(0, content.Length / 200).Select(part => part * 200)))
        {
            JournalState state = JournalBench.Read(content[..length]);
            // A line counts as soon as its closing brace has been written.
            int whole = content.AsSpan(0, length).Count((byte)'\n') + (length < content.Length && length > 0 && content[length] == '\n' ? 1 : 0);
            var jobs = events.Take(Math.Max(0, whole - 1)).Select(JobOf).OfType<string>().ToHashSet();
            if (!jobs.SetEquals(state.Attempts.Select(attempt => attempt.JobId).OfType<string>()))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void A_journal_has_the_same_state_when_it_is_read_as_when_it_was_written() => Check(events =>
    {
        var state = new JournalState(JournalBench.Journal);
        events.ForEach(state.Apply);

        return state.Attempts.Select(Facts).SequenceEqual(JournalBench.Read(Content(events)).Attempts.Select(Facts));
    });

    [Fact]
    public void Every_line_is_read_as_it_was_written() => Check(events => events.TrueForAll(
        entry => JournalBench.Line(JournalBench.Entry(JournalBench.Line(entry))!) == JournalBench.Line(entry)));

    [Fact]
    public void Every_image_is_listed_once_as_its_last_attempt() => Check(events =>
    {
        JournalState state = JournalBench.Read(Content(events));
        var images = state.Attempts.Where(attempt => attempt.Fingerprint is not null).GroupBy(attempt => (attempt.Fingerprint, attempt.Ordinal)).ToList();
        var entries = state.Entries.Where(entry => entry.Fingerprint is not null).ToDictionary(entry => (entry.Fingerprint, entry.Ordinal));

        return entries.Count == images.Count && images.TrueForAll(image => entries[image.Key].Attempt == image.Max(attempt => attempt.Attempt));
    });

    [Fact]
    public void An_image_whose_job_was_not_refunded_is_not_submitted_again() => Check(events =>
        JournalBench.Read(Content(events)).Attempts.Where(attempt => attempt.JobId is not null && !attempt.IsRefunded).All(attempt =>
            JournalPlan.Decide(attempt, T, TimeSpan.FromHours(24), payAgain: false, _ => false) == JournalDecision.Take));

    [Fact]
    public void Arbitrary_bytes_are_a_journal_or_a_typed_error() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(),
        Gen.Elements(string.Empty, First + "\n", First + "\n{\"event\":\"accepted\",\"at\":\"x\"").ToArbitrary(),
        (bytes, start) =>
        {
            try
            {
                JournalBench.Read([.. System.Text.Encoding.UTF8.GetBytes(start), .. bytes]);
                return true;
            }
            catch (ApiframeException e)
            {
                return e.Kind is ApiframeErrorKind.JournalDamaged;
            }
        }).Check(Thousands);

    private static void Check(Func<List<JournalEvent>, bool> rule) => Prop.ForAll(Events().ListOf().Select(list => list.Take(12).ToList()).ToArbitrary(), rule).Check(Thousands);

    private static byte[] Content(IEnumerable<JournalEvent> events)
    {
        var content = new MemoryStream();
        content.Write(JournalLine.Write(new JournalEvent.Begun(T, "an id")));
        foreach (JournalEvent entry in events)
        {
            content.Write(JournalLine.Write(entry));
        }

        return content.ToArray();
    }

    private static string? JobOf(JournalEvent entry) => entry switch
    {
        JournalEvent.Accepted accepted => accepted.JobId.Value,
        JournalEvent.Ended ended => ended.JobId.Value,
        JournalEvent.Saved saved => saved.JobId.Value,
        _ => null,
    };

    private static string Facts(JournalEntry entry) => JsonSerializer.Serialize(new
    {
        entry.State, entry.Prompt, entry.Model, entry.ReferenceImage, entry.JobId, entry.IdempotencyKey, entry.Fingerprint, entry.Ordinal, entry.Attempt, entry.CreditCost,
        entry.IntendedAt, entry.AcceptedAt, entry.CreatedAt, entry.CompletedAt, entry.SavedAt, entry.Files, entry.Error, entry.IsAdopted, entry.Status, entry.HasEnded,
    });

    private static Gen<JournalEvent> Events()
    {
        Gen<string> keys = Gen.Elements("k1", "k2", "k3");
        Gen<string> jobs = Gen.Elements("j1", "j2", "j3");
        Gen<DateTimeOffset> times = Gen.Choose(0, 100_000).Select(minutes => T.AddMinutes(minutes));
        Gen<string> texts = Gen.Elements("A kite", "\"\\\n\u0007", "🍌", "\u2028", "Kraków", "<&'>");
        return Gen.OneOf(
            from at in times from key in keys from text in texts from ordinal in Gen.Choose(1, 2) from attempt in Gen.Choose(1, 3) from local in Gen.Elements(true, false)
            select (JournalEvent)new JournalEvent.Intended(at, key, key == "k3" ? "f2" : "f1", ordinal, attempt, new SubmitRequest
            {
                Prompt = text, Model = "nano-banana-2", ReferenceImage = local ? ["https://a.example/1"] : [],
            })
            {
                Locals = local ? [new JournalEvent.Local(0, "/refs/1.png", "x")] : [],
            },
            from at in times from key in keys from job in jobs from status in Gen.Elements("QUEUED", "COMPLETED", "FAILED") from adopted in Gen.Elements(true, false)
            select (JournalEvent)new JournalEvent.Accepted(at, key, job, status, adopted),
            from at in times from key in keys from kind in Gen.Elements("Conflict", "NotFound", "Authentication")
            select (JournalEvent)new JournalEvent.Refused(at, key, kind),
            from at in times from job in jobs from status in Gen.Elements("COMPLETED", "FAILED", "CANCELLED") from cost in Gen.Elements<decimal?>(null, 0, 9.5m) from text in texts
            from images in Gen.Choose(0, 2)
            select (JournalEvent)new JournalEvent.Ended(at, job, status) { CreditCost = cost, CreatedAt = at, CompletedAt = at, Error = text, ImageCount = images },
            from at in times from job in jobs from index in Gen.Choose(0, 1) from file in Gen.Elements("a.png", "../b.png", "x/Kraków \u200E.png")
            select (JournalEvent)new JournalEvent.Saved(at, job, index, file, 3, "x"),
            from at in times
            select (JournalEvent)new JournalEvent.Uploaded(at, "x", new Uri("https://cdn.example.net/1"), at));
    }
}
