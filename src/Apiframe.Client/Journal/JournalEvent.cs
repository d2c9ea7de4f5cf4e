using System;
using System.Collections.Generic;

namespace Apiframe.Client.Journal;

/// <summary>What one line of a journal says.</summary>
/// <param name="At">When it happened, UTC, to the millisecond.</param>
internal abstract record JournalEvent(DateTimeOffset At)
{
    /// <summary>The first line.</summary>
    public sealed record Begun(DateTimeOffset At, string Id) : JournalEvent(At);

    /// <summary>A local file is at the service for a while.</summary>
    public sealed record Uploaded(DateTimeOffset At, string Sha256, Uri Url, DateTimeOffset? ExpiresAt) : JournalEvent(At);

    /// <summary>A request is about to be sent.</summary>
    public sealed record Intended(DateTimeOffset At, string Key, string Fingerprint, int Ordinal, int Attempt, SubmitRequest Request) : JournalEvent(At)
    {
        /// <summary>Which references of the request are uploads of local files, and of which.</summary>
        public IReadOnlyList<Local> Locals { get; init; } = Array.Empty<Local>();
    }

    /// <summary>The service has accepted a request; or, if adopted, it was found out later that it has.</summary>
    public sealed record Accepted(DateTimeOffset At, string Key, string JobId, string Status, bool IsAdopted) : JournalEvent(At);

    /// <summary>An attempt is over without a job.</summary>
    public sealed record Refused(DateTimeOffset At, string Key, string Kind) : JournalEvent(At);

    /// <summary>A job has ended in a status that is final.</summary>
    public sealed record Ended(DateTimeOffset At, string JobId, string Status) : JournalEvent(At)
    {
        public decimal? CreditCost { get; init; }

        public DateTimeOffset? CreatedAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public string? Error { get; init; }

        public int ImageCount { get; init; }
    }

    /// <summary>An image is on disk, in a file with a path relative to the journal's folder.</summary>
    public sealed record Saved(DateTimeOffset At, string JobId, int Index, string File, long Length, string Sha256) : JournalEvent(At);

    /// <summary>A local reference image.</summary>
    public sealed record Local(int Index, string Path, string Sha256);
}
