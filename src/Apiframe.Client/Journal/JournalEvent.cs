using System;
using System.Collections.Generic;

namespace Apiframe.Client.Journal;

/// <summary>The content of one line of a journal.</summary>
/// <param name="At">The time of the event in UTC, in milliseconds.</param>
internal abstract record JournalEvent(DateTimeOffset At)
{
    /// <summary>The first line of the journal.</summary>
    public sealed record Begun(DateTimeOffset At, string Id) : JournalEvent(At);

    /// <summary>A local file was uploaded to the service for a limited time.</summary>
    public sealed record Uploaded(DateTimeOffset At, Utf8Text Sha256, Uri Url, DateTimeOffset? ExpiresAt) : JournalEvent(At);

    /// <summary>A request is about to be sent.</summary>
    public sealed record Intended(DateTimeOffset At, Utf8Text Key, Utf8Text Fingerprint, int Ordinal, int Attempt, SubmitRequest Request) : JournalEvent(At)
    {
        /// <summary>The references of the request that are uploads of local files.</summary>
        public IReadOnlyList<Local> Locals { get; init; } = Array.Empty<Local>();
    }

    /// <summary>The service has accepted a request. If adopted, the acceptance was found later.</summary>
    public sealed record Accepted(DateTimeOffset At, Utf8Text Key, Utf8Text JobId, string Status, bool IsAdopted) : JournalEvent(At);

    /// <summary>An attempt ended without a job.</summary>
    public sealed record Refused(DateTimeOffset At, Utf8Text Key, string Kind) : JournalEvent(At);

    /// <summary>A job has ended with a final status.</summary>
    public sealed record Ended(DateTimeOffset At, Utf8Text JobId, string Status) : JournalEvent(At)
    {
        public decimal? CreditCost { get; init; }

        public DateTimeOffset? CreatedAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public string? Error { get; init; }

        public int ImageCount { get; init; }
    }

    /// <summary>An image was saved. The path of its file is relative to the folder of the journal.</summary>
    public sealed record Saved(DateTimeOffset At, Utf8Text JobId, int Index, Utf8Text File, long Length, Utf8Text Sha256) : JournalEvent(At);

    /// <summary>A local reference image.</summary>
    public sealed record Local(int Index, string Path, string Sha256);
}
