using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client.Journal;

/// <summary>One image of a journal and the result of it: the last attempt at it. It does not change: what is recorded later is in a later one.</summary>
/// <remarks>Property names equal the parameter names of the cmdlets.</remarks>
public sealed record JournalEntry
{
    internal JournalEntry()
    {
    }

    /// <summary>How far it has come.</summary>
    public JournalEntryState State { get; internal set; }

    /// <summary>What was asked for, or what the image shows that is edited; null if that is not known.</summary>
    public string? Prompt { get; internal set; }

    /// <summary>What was asked for besides the prompt. Local reference images have the paths that they had.</summary>
    public ImageOptions Options { get; internal set; } = JournalState.NoOptions;

    /// <inheritdoc cref="ImageOptions.Model"/>
    public string? Model => Options.Model;

    /// <inheritdoc cref="ImageOptions.Edit"/>
    public ImageEdit? Edit => Options.Edit;

    /// <inheritdoc cref="ImageOptions.Resolution"/>
    public string? Resolution => Options.Resolution;

    /// <inheritdoc cref="ImageOptions.AspectRatio"/>
    public string? AspectRatio => Options.AspectRatio;

    /// <inheritdoc cref="ImageOptions.OutputFormat"/>
    public string? OutputFormat => Options.OutputFormat;

    /// <summary>URLs and local paths of the reference images; null if there are none.</summary>
    public IReadOnlyList<string>? ReferenceImage => Options.ReferenceImage.Count > 0 ? Options.ReferenceImage : null;

    /// <inheritdoc cref="ImageOptions.GoogleSearch"/>
    public bool GoogleSearch => Options.GoogleSearch;

    /// <inheritdoc cref="ImageOptions.ImageSearch"/>
    public bool ImageSearch => Options.ImageSearch;

    /// <summary>The service's job ID; null until the image was accepted.</summary>
    public string? JobId { get; internal set; }

    /// <summary>The key that the request was sent under; null if only the job is known.</summary>
    public string? IdempotencyKey { get; internal set; }

    /// <summary>64 hexadecimal digits, the same for equal requests; null if the line that says so was lost.</summary>
    public string? Fingerprint { get; internal set; }

    /// <summary>The place among equal requests of one call, from 1.</summary>
    public int Ordinal { get; internal set; }

    /// <summary>The attempt, from 1. Each attempt after the first follows one that ended without a paid image, and has a key of its own.</summary>
    public int Attempt { get; internal set; }

    /// <summary>Credits charged, as the job says; null if it has not said.</summary>
    public decimal? CreditCost { get; internal set; }

    /// <summary>When the request was first about to be sent under this key, UTC.</summary>
    public DateTimeOffset? IntendedAt => Intents.Count > 0 ? Intents[0].At : null;

    /// <summary>When the acceptance was recorded, UTC.</summary>
    public DateTimeOffset? AcceptedAt { get; internal set; }

    /// <summary>When the service says that it made the job, UTC.</summary>
    public DateTimeOffset? CreatedAt { get; internal set; }

    /// <summary>When the service says that the job ended, UTC.</summary>
    public DateTimeOffset? CompletedAt { get; internal set; }

    /// <summary>When the last image of the job was saved, UTC.</summary>
    public DateTimeOffset? SavedAt => Files.Count > 0 ? Files.Max(file => file.SavedAt) : null;

    /// <summary>The full path of the first saved image, which may have been moved since; null if none was saved.</summary>
    public string? File => Files.Count > 0 ? Files[0].File : null;

    /// <summary>Every image that was saved.</summary>
    public IReadOnlyList<JournalFile> Files { get; internal set; } = Array.Empty<JournalFile>();

    /// <summary>Why the image does not exist: the reason that the job gives, or the kind of the refusal, one of <see cref="ApiframeErrorKind"/>.</summary>
    public string? Error { get; internal set; }

    /// <summary>Whether the job was found among the account's jobs, because its acceptance was never noted.</summary>
    public bool IsAdopted { get; internal set; }

    /// <summary>The full path of the journal.</summary>
    public string Journal => Owner.Path;

    internal BananaJournal Owner { get; init; } = null!;

    /// <summary>When the request was about to be sent under this key, and with which addresses of reference images.</summary>
    internal IReadOnlyList<Intent> Intents { get; set; } = Array.Empty<Intent>();

    /// <summary>Which of <see cref="ImageOptions.ReferenceImage"/> are local files.</summary>
    internal IReadOnlyList<int> LocalReferences { get; set; } = Array.Empty<int>();

    /// <summary>The job's status as the service spells it; empty without a job.</summary>
    internal string Status { get; set; } = string.Empty;

    /// <summary>Whether the job has said that it ended: the response to a submission may say so too, and is not enough.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>How many images the job has; 0 if it has not said.</summary>
    internal int ImageCount { get; set; }

    /// <summary>Whether the service has refused the key because it knows it with another request. So there is a job, which nobody has seen.</summary>
    internal bool IsKeyTaken => State == JournalEntryState.Refused && Error == nameof(ApiframeErrorKind.Conflict);

    /// <summary>Whether a line speaks of the job and none says which request led to it, because that line was lost or could not be written.</summary>
    internal bool IsOrphan => IdempotencyKey is null && JobId is not null;

    /// <summary>Whether nobody knows if there is a job.</summary>
    internal bool IsUnknown => State == JournalEntryState.Intended || IsKeyTaken;

    /// <summary>Whether the job has ended without an image and its credits were given back.</summary>
    internal bool IsRefunded => State is JournalEntryState.Failed or JournalEntryState.Cancelled && BananaJob.IsRefund(Status, CreditCost);

    /// <summary>Whether each image of the job was saved.</summary>
    internal bool HasAllFiles()
    {
        for (int index = 0; index < Math.Max(1, ImageCount); index++)
        {
            bool isSaved = false;
            for (int i = 0; i < Files.Count && !isSaved; i++)
            {
                isSaved = Files[i].Index == index;
            }

            if (!isSaved)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same with what the job itself says now; as it is if the job has not ended.</summary>
    internal JournalEntry Told(BananaJob job)
    {
        if (!job.IsTold || !job.IsFinal)
        {
            return this;
        }

        JournalEntry told = this with
        {
            HasEnded = true,
            Status = job.Status,
            Error = job.Error,
            CreditCost = job.CreditCost ?? CreditCost,
            CreatedAt = job.CreatedAt ?? CreatedAt,
            CompletedAt = job.CompletedAt ?? CompletedAt,
            ImageCount = Math.Max(job.ImageUrls.Count, ImageCount),
        };
        return told with { State = JournalState.StateOf(told) };
    }

    /// <summary>The job, to be waited for and saved; null if none is known.</summary>
    /// <param name="connection">As whom it was made; null for a job that does not say.</param>
    public BananaJob? ToJob(ApiframeConnection? connection = null) => JobId is null ? null : ToJob(JobId, connection);

    /// <summary>The job.</summary>
    /// <param name="jobId">Its ID.</param>
    /// <param name="connection">As of the other overload.</param>
    /// <param name="isSaved">Whether its files were seen, whole.</param>
    /// <param name="wantsWebhook">Whether a webhook was asked for, which a journal does not tell.</param>
    /// <param name="number">Which of several images of the same request it is.</param>
    /// <param name="retry">The request, if it may be submitted again.</param>
    internal BananaJob ToJob(
        string jobId, ApiframeConnection? connection, bool isSaved = false, bool wantsWebhook = false, int? number = null, SubmitRequest? retry = null) => new()
    {
        Number = number,
        JobId = jobId,
        Status = isSaved ? JobStatus.Completed : Status,
        Prompt = Prompt,
        Options = Options,
        Error = State is JournalEntryState.Failed or JournalEntryState.Cancelled ? Error : null,
        CreditCost = CreditCost,
        CreatedAt = CreatedAt ?? AcceptedAt,
        CompletedAt = CompletedAt,
        IdempotencyKey = IdempotencyKey,
        Connection = connection,
        Journal = Owner,
        IsSaved = isSaved,
        WantsWebhook = wantsWebhook,
        Retry = retry,
    };

    /// <summary>The state and the prompt, or the job ID.</summary>
    public override string ToString() => $"{State} {(Prompt is null ? JobId ?? IdempotencyKey : ShownText.Excerpt(Prompt))}";
}
