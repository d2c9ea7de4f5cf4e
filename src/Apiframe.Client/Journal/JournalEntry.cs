using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client.Journal;

/// <summary>One image of a journal with the result of its last attempt. It does not change. Later lines create a new entry.</summary>
/// <remarks>The property names are the parameter names of the cmdlets.</remarks>
public sealed record JournalEntry
{
    private Utf8Text _prompt;

    internal JournalEntry()
    {
    }

    /// <summary>The state of the image.</summary>
    public JournalEntryState State { get; internal set; }

    /// <summary>The prompt, or for an edit the description of the edited image. Null if it is unknown.</summary>
    public string? Prompt
    {
        get => _prompt.Value;
        internal set => _prompt = value;
    }

    /// <summary>The options of the image. Local reference images have their original paths.</summary>
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

    /// <summary>The URLs and local paths of the reference images, or null if there are none.</summary>
    public IReadOnlyList<string>? ReferenceImage => Options.ReferenceImage.Count > 0 ? Options.ReferenceImage : null;

    /// <inheritdoc cref="ImageOptions.GoogleSearch"/>
    public bool GoogleSearch => Options.GoogleSearch;

    /// <inheritdoc cref="ImageOptions.ImageSearch"/>
    public bool ImageSearch => Options.ImageSearch;

    /// <summary>The ID of the job. Null before the image is accepted.</summary>
    public string? JobId => Job.Value;

    /// <summary>The idempotency key of the request. Null if only the job is known.</summary>
    public string? IdempotencyKey => Key.Value;

    /// <summary>A hash of 64 hexadecimal digits that is the same for equal requests. Null if its line is missing.</summary>
    public string? Fingerprint => Place?.Fingerprint.Value;

    /// <summary>The number of the image among equal requests of one call, from 1.</summary>
    public int Ordinal => Place?.Ordinal ?? 0;

    /// <summary>The number of the attempt, from 1. A later attempt follows one that ended without a paid image, and has its own key.</summary>
    public int Attempt { get; internal set; }

    /// <summary>The charged credits, or null if the job has not reported them.</summary>
    public decimal? CreditCost { get; internal set; }

    /// <summary>The time in UTC when the request was first about to be sent under this key.</summary>
    public DateTimeOffset? IntendedAt => Intents.Count > 0 ? Intents[0].At : null;

    /// <summary>The time in UTC when the acceptance was recorded.</summary>
    public DateTimeOffset? AcceptedAt { get; internal set; }

    /// <summary>The time in UTC when the service created the job.</summary>
    public DateTimeOffset? CreatedAt { get; internal set; }

    /// <summary>The time in UTC when the job ended.</summary>
    public DateTimeOffset? CompletedAt { get; internal set; }

    /// <summary>The time in UTC when the last image of the job was saved.</summary>
    public DateTimeOffset? SavedAt => Files.Count > 0 ? Files.Max(file => file.SavedAt) : null;

    /// <summary>The full path of the first saved image, which may have been moved. Null if none was saved.</summary>
    public string? File => Files.Count > 0 ? Files[0].File : null;

    /// <summary>All saved images.</summary>
    public IReadOnlyList<JournalFile> Files { get; internal set; } = Array.Empty<JournalFile>();

    /// <summary>Why the image does not exist: the error of the job, or the kind of the rejection, one of <see cref="ApiframeErrorKind"/>.</summary>
    public string? Error { get; internal set; }

    /// <summary>Whether the job was found among the jobs of the account, because its acceptance was never recorded.</summary>
    public bool IsAdopted { get; internal set; }

    /// <summary>The full path of the journal.</summary>
    public string Journal => Owner.Path;

    internal BananaJournal Owner { get; init; } = null!;

    /// <inheritdoc cref="JobId"/>
    internal Utf8Text Job { get; set; }

    /// <inheritdoc cref="IdempotencyKey"/>
    internal Utf8Text Key { get; init; }

    /// <summary>The place of the image, or null if its line was lost.</summary>
    internal JournalPlace? Place { get; set; }

    /// <summary>The times when the request was about to be sent under this key, with the addresses of its reference images.</summary>
    internal IReadOnlyList<Intent> Intents { get; set; } = Array.Empty<Intent>();

    /// <summary>The indexes of local files in <see cref="ImageOptions.ReferenceImage"/>.</summary>
    internal IReadOnlyList<int> LocalReferences { get; set; } = Array.Empty<int>();

    /// <summary>The status of the job, as the service spells it. Empty without a job.</summary>
    internal string Status { get; set; } = string.Empty;

    /// <summary>Whether the job object has a final status. A final status in the response to a submission is not sufficient.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>The number of images of the job, or 0 if it is unknown.</summary>
    internal int ImageCount { get; set; }

    /// <summary>Whether the service has rejected the key because it knows it with another request. An unknown job then exists for the key.</summary>
    internal bool IsKeyTaken => State == JournalEntryState.Refused && Error == nameof(ApiframeErrorKind.Conflict);

    /// <summary>Whether the journal contains the job but not its request, because that line was lost or could not be written.</summary>
    internal bool IsOrphan => Key.IsNull && !Job.IsNull;

    /// <summary>Whether it is unknown if there is a job.</summary>
    internal bool IsUnknown => State == JournalEntryState.Intended || IsKeyTaken;

    /// <summary>Whether the job ended without an image and its credits were refunded.</summary>
    internal bool IsRefunded => State is JournalEntryState.Failed or JournalEntryState.Cancelled && BananaJob.IsRefund(Status, CreditCost);

    /// <summary>Returns whether each image of the job was saved.</summary>
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

    /// <summary>Returns the entry with the current properties of the job, or the entry itself if the job has not ended.</summary>
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

    /// <summary>Returns the job, which can be waited for and saved, or null if there is none.</summary>
    /// <param name="connection">The connection of the job, or null if it is unknown.</param>
    public BananaJob? ToJob(ApiframeConnection? connection = null) => JobId is null ? null : ToJob(JobId, connection);

    /// <summary>Creates the job.</summary>
    /// <param name="jobId">The ID of the job.</param>
    /// <param name="connection">As for the other overload.</param>
    /// <param name="isSaved">Whether its files were checked and are complete.</param>
    /// <param name="wantsWebhook">Whether a webhook was requested, which a journal does not record.</param>
    /// <param name="number">The number of the image among several images of the same request.</param>
    /// <param name="retry">The request, if it can be submitted again.</param>
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

    /// <summary>Returns the state, and the prompt or the job ID.</summary>
    public override string ToString() => $"{State} {(Prompt is null ? JobId ?? IdempotencyKey : ShownText.Excerpt(Prompt))}";
}
