using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Apiframe.Client.Journal;

/// <summary>The rules by which a run goes on where an earlier one has stopped. Pure, but for the files that are looked at.</summary>
internal static class JournalPlan
{
    /// <summary>How far this machine's clock and the service's may be apart.</summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    /// <summary>What to do about an image.</summary>
    /// <param name="last">What the journal says of the last attempt at it; null if there was none.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="keyLifetime">How long the service recognizes a key.</param>
    /// <param name="payAgain">Whether what was not given back may be paid once more.</param>
    /// <param name="isWhole">Whether the files of a saved image are there and whole.</param>
    public static JournalDecision Decide(JournalEntry? last, DateTimeOffset now, TimeSpan keyLifetime, bool payAgain, Func<JournalEntry, bool> isWhole) => last?.State switch
    {
        null => JournalDecision.SubmitNext,
        JournalEntryState.Saved => isWhole(last) ? JournalDecision.Saved : JournalDecision.Take,
        JournalEntryState.Accepted or JournalEntryState.Completed => JournalDecision.Take,
        JournalEntryState.Intended => IsKeyAlive(last, now, keyLifetime) ? JournalDecision.SubmitAgain : JournalDecision.Reconcile,
        JournalEntryState.Refused => last.IsKeyTaken ? JournalDecision.Reconcile : JournalDecision.SubmitNext,
        _ => last.IsRefunded || payAgain ? JournalDecision.SubmitNext : JournalDecision.Take,
    };

    /// <summary>
    /// Whether the service still recognizes the key of an attempt. It counts from when it first saw the key, which was not before the first intent; and a request
    /// may have to wait before it is sent.
    /// </summary>
    public static bool IsKeyAlive(JournalEntry attempt, DateTimeOffset now, TimeSpan keyLifetime)
    {
        TimeSpan age = now - (attempt.IntendedAt ?? DateTimeOffset.MinValue);
        // What was intended in the future was intended when the clock was wrong, so nobody knows its age.
        return age >= -ClockMargin && age < keyLifetime - TimeSpan.FromTicks(keyLifetime.Ticks / 24);
    }

    /// <summary>The files of a saved image, one for each image of the job; null if one is not there or not whole. Reads them.</summary>
    public static IReadOnlyList<FileInfo>? WholeFiles(JournalEntry saved)
    {
        var files = new List<FileInfo>();
        for (int index = 0; index < Math.Max(1, saved.ImageCount); index++)
        {
            if (WholeFile(saved, index) is not { } file)
            {
                return null;
            }

            files.Add(file);
        }

        return files;
    }

    /// <summary>The newest file of one of the job's images that is there and whole; null if none is. Reads it.</summary>
    public static FileInfo? WholeFile(JournalEntry saved, int index) =>
        saved.Files.Reverse().FirstOrDefault(file => file.Index == index && file.IsWhole()) is { } whole ? new FileInfo(whole.File) : null;
}
