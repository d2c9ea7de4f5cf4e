using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client.Journal;

/// <summary>One image of a receipt, with all its attempts. Each job occurs once, as the service reports it if it was requested.</summary>
internal sealed class ReceiptImage
{
    private readonly Func<JournalFile, JournalFileState> _look;

    /// <param name="attempts">The attempts in the journals, earlier ones first, at least one.</param>
    /// <param name="look">Returns the state of a file.</param>
    public ReceiptImage(IEnumerable<JournalEntry> attempts, Func<JournalFile, JournalFileState> look)
    {
        _look = look;
        JournalEntry[] all = [.. attempts];
        var answered = new HashSet<string>(all.Where(attempt => attempt.JobId is not null).Select(attempt => attempt.IdempotencyKey).OfType<string>(), StringComparer.Ordinal);
        Attempts =
        [
            .. all.Where(attempt => attempt.JobId is null && !answered.Contains(attempt.IdempotencyKey!)).GroupBy(attempt => attempt.IdempotencyKey).Select(same => same.Last())
                .Concat(all.Where(attempt => attempt.JobId is not null).GroupBy(attempt => attempt.JobId, StringComparer.OrdinalIgnoreCase).Select(Merged))
                .OrderBy(attempt => attempt.Attempt),
        ];
        Whole = Attempts.FirstOrDefault(IsWhole);
    }

    /// <summary>The attempts. The last one counts.</summary>
    public IReadOnlyList<JournalEntry> Attempts { get; }

    public JournalEntry Last => Attempts[Attempts.Count - 1];

    /// <summary>The attempt with complete files, or null.</summary>
    public JournalEntry? Whole { get; }

    /// <summary>The jobs that are billed to this image and to no other.</summary>
    public List<JournalEntry> Paid { get; } = [];

    /// <summary>The billed job that counts for the image, or null. Any other billed job is a duplicate.</summary>
    public JournalEntry? Counted => Paid.Contains(Whole!) ? Whole : Paid.LastOrDefault();

    /// <summary>Whether the image has no bill and its outcome is unknown, so that a job that no journal contains may belong to it.</summary>
    public bool LacksJob => Paid.Count == 0 && Last.IsUnknown;

    /// <summary>Returns the complete files, one for each image of a job.</summary>
    public IEnumerable<(string? JobId, int Index)> WholeFiles() =>
        from attempt in Attempts
        from file in attempt.Files
        where _look(file) == JournalFileState.Whole
        select (attempt.JobId?.ToUpperInvariant(), file.Index);

    /// <summary>The attempt whose saved files are missing or changed, or null.</summary>
    public JournalEntry? Damaged => Attempts.LastOrDefault(attempt => attempt.Files.Count > 0 && attempt.HasAllFiles());

    /// <summary>Whether an image of the job has no complete file but a changed one.</summary>
    public bool IsChanged(JournalEntry damaged) => damaged.Files
        .GroupBy(file => file.Index)
        .Any(same => same.All(file => _look(file) != JournalFileState.Whole) && same.Any(file => _look(file) == JournalFileState.Changed));

    private bool IsWhole(JournalEntry attempt) => attempt.HasAllFiles() && Enumerable.Range(0, Math.Max(1, attempt.ImageCount))
        .All(index => attempt.Files.Any(file => file.Index == index && _look(file) == JournalFileState.Whole));

    /// <summary>Merges the entries of one job: from a copy of the journal, or without its request because a line was lost.</summary>
    private static JournalEntry Merged(IEnumerable<JournalEntry> same)
    {
        JournalEntry[] all = [.. same];
        JournalEntry whole = Array.Find(all, attempt => attempt.Fingerprint is not null) ?? all[0];
        if (all.Length == 1)
        {
            return whole;
        }

        JournalEntry ended = Array.FindLast(all, attempt => attempt.HasEnded) ?? whole;
        JournalEntry merged = whole with
        {
            Files = [.. all.SelectMany(attempt => attempt.Files).Distinct()],
            HasEnded = ended.HasEnded,
            Status = ended.Status,
            Error = ended.Error,
            CreditCost = ended.CreditCost,
            CreatedAt = ended.CreatedAt,
            CompletedAt = ended.CompletedAt,
            ImageCount = ended.ImageCount,
        };
        return merged with { State = merged.HasEnded || merged.Files.Count > 0 ? JournalState.StateOf(merged) : merged.State };
    }
}
