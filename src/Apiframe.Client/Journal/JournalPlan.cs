using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Apiframe.Client.Journal;

/// <summary>The rules by which a run continues an earlier one. Pure, except for reading files.</summary>
internal static class JournalPlan
{
    /// <summary>The maximum difference between the clocks of this computer and the service.</summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    /// <summary>Decides the next step for an image.</summary>
    /// <param name="last">The last attempt in the journal, or null.</param>
    /// <param name="now">The current time in UTC.</param>
    /// <param name="keyLifetime">The time for which the service knows a key.</param>
    /// <param name="payAgain">Whether an image without a refund may be billed again.</param>
    /// <param name="isWhole">Returns whether the files of a saved image are complete.</param>
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
    /// Whether the service certainly knows the key of an attempt. The lifetime starts when the service first receives the key, which is not before the first
    /// intent. A part of the lifetime is reserved, because a request may have to wait before it is sent.
    /// </summary>
    public static bool IsKeyAlive(JournalEntry attempt, DateTimeOffset now, TimeSpan keyLifetime)
    {
        TimeSpan age = now - (attempt.IntendedAt ?? DateTimeOffset.MinValue);
        // An intent in the future was recorded while the clock was wrong, so its age is unknown.
        return age >= -ClockMargin && age < keyLifetime - TimeSpan.FromTicks(keyLifetime.Ticks / 24);
    }

    /// <summary>Returns the files of a saved image, one for each image of the job, or null if one is missing or changed. Reads the files.</summary>
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

    /// <summary>Returns the newest complete file of an image of the job, or null if there is none. Reads the files.</summary>
    public static FileInfo? WholeFile(JournalEntry saved, int index) =>
        saved.Files.Reverse().FirstOrDefault(file => file.Index == index && file.IsWhole()) is { } whole ? new FileInfo(whole.File) : null;
}
