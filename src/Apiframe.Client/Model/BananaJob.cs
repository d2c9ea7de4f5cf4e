using System;
using System.Collections.Generic;
using Apiframe.Client.Journal;

namespace Apiframe.Client;

/// <summary>One image job as last seen. Immutable: asking again gives a new object.</summary>
/// <remarks>
/// Property names equal the parameter names of the cmdlets, so a job also binds after a trip through JSON, CLIXML or CSV.
/// The connection that made the job travels along inside and is never shown nor serialized.
/// </remarks>
public sealed class BananaJob
{
    private readonly JoinedUrls _imageUrls = JoinedUrls.Of([]);
    private readonly decimal? _creditCost;

    /// <summary>Internal, so that PowerShell does not make a job without a connection out of any object that looks like one.</summary>
    internal BananaJob()
    {
    }

    /// <summary>The service's id, a UUID.</summary>
    public required string JobId { get; init; }

    /// <summary>One of <see cref="JobStatus"/>, or a newer one in upper case; empty if the service has not been asked yet.</summary>
    public string Status { get; init; } = string.Empty;

    /// <summary>
    /// The prompt; null if the job was made elsewhere and the service did not echo it (lists never do). Of an edit: what the image shows that is edited, as far as
    /// this process knows it.
    /// </summary>
    public string? Prompt { get; init; }

    /// <summary>What was asked for besides the prompt, as far as it is known.</summary>
    public ImageOptions Options { get; init; } = new();

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

    /// <summary>The URLs of the reference images; null if there are none, so that a CSV of jobs has a blank cell there.</summary>
    public IReadOnlyList<string>? ReferenceImage => Options.ReferenceImage.Count > 0 ? Options.ReferenceImage : null;

    /// <inheritdoc cref="ImageOptions.GoogleSearch"/>
    public bool GoogleSearch => Options.GoogleSearch;

    /// <inheritdoc cref="ImageOptions.ImageSearch"/>
    public bool ImageSearch => Options.ImageSearch;

    /// <summary>Which of several images of the same request this is, from 1; null if it is the only one, or if the job was made elsewhere.</summary>
    public int? Number { get; init; }

    /// <summary>0 to 100, or null if the service does not say.</summary>
    public int? Progress { get; init; }

    /// <summary>Where the first image can be downloaded; null until the job is completed.</summary>
    public Uri? ImageUrl => ImageUrls.Count > 0 ? ImageUrls[0] : null;

    /// <summary>Where the images can be downloaded; this model family makes one a job.</summary>
    public IReadOnlyList<Uri> ImageUrls
    {
        get => _imageUrls;
        init => _imageUrls = JoinedUrls.Of(value);
    }

    /// <summary>Why the job failed, in the service's words.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Why the job failed, as one of <see cref="JobFailureReason"/>: <c>Declined</c>, <c>Unavailable</c>, <c>InvalidInput</c>, or <c>Unknown</c>. It is read from
    /// <see cref="Error"/>, which is free text, so a new wording is <c>Unknown</c>. Null if the job has not failed.
    /// </summary>
    public string? FailureReason => JobFailureReason.Of(Status, Error);

    /// <summary>
    /// Credits charged; 0 once a failed job was refunded; null if the service does not say, or says what cannot be a cost. Until the job has ended, the service
    /// may say another figure.
    /// </summary>
    public decimal? CreditCost
    {
        get => _creditCost;
        init => _creditCost = CreditAmount.Cost(value);
    }

    /// <summary>What became of the webhook, in the service's words.</summary>
    public string? WebhookStatus { get; init; }

    /// <summary>When the job was made, UTC. Until the service has told its own figure: the local time of acceptance.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the job ended, UTC.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>True once the service has deleted the image files.</summary>
    public bool Expired { get; init; }

    /// <summary>The key under which the job was submitted: submitting under it again gives this job, not a second bill (24 h).</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The service's last answer about the job, for fields this type does not have.</summary>
    public string? RawJson { get; init; }

    /// <summary>Whether the job has ended, well or not.</summary>
    public bool IsFinal => JobStatus.IsFinal(Status);

    /// <summary>Whether this is all there is to know: final, told by the job itself (a submission's answer names a status only), image and all.</summary>
    public bool IsSettled() => IsFinal && IsTold && !LacksImage;

    /// <summary>
    /// Whether its prompt may be submitted again without paying twice. The service's documents promise a refund for failed jobs, so for these no word of a cost
    /// is enough; for cancelled ones they promise nothing.
    /// </summary>
    internal bool IsRefunded => IsTold && IsRefund(Status, CreditCost);

    /// <summary>Whether the job says what it was made from.</summary>
    internal bool TellsRequest => Prompt is not null || Edit is not null;

    /// <summary>Whether the job's journal had each of its images as a whole file when somebody looked last. Then there is nothing to wait for.</summary>
    internal bool IsSaved { get; init; }

    /// <summary>Completed, and where the image is has yet to come.</summary>
    internal bool LacksImage => IsTold && Status == JobStatus.Completed && ImageUrls.Count == 0 && !Expired;

    /// <summary>How long ago the image was made, as far as the service's clock and this one agree; null if that is not known.</summary>
    internal TimeSpan? Age(DateTimeOffset now) => now - (CompletedAt ?? CreatedAt);

    /// <summary>
    /// Whether the service may have deleted the image by now: it says so, or the image is 20 hours old. Its documents differ on how long images are kept, and the
    /// shortest time is 24 hours.
    /// </summary>
    /// <param name="now">The time to go by.</param>
    public bool MayHaveExpired(DateTimeOffset now) => Expired || Age(now) > TimeSpan.FromHours(20);

    /// <summary>Whether the service gave the id, in either kind of answer, now or in the run that wrote the journal.</summary>
    internal bool IsFromService => IsTold || AcceptedAt is not null || Journal is not null;

    /// <summary>Whether this comes from a job object, not from a submission's answer or a bare id.</summary>
    internal bool IsTold { get; init; }

    /// <summary>
    /// Whether a webhook was asked for, and the job itself says that it has none: the service then posts nothing. False while that is not known. A method, so that
    /// no view and no file shows it.
    /// </summary>
    public bool LacksWebhook() => WantsWebhook && HasWebhook == false;

    /// <summary>Whether a webhook was asked for when the job was submitted; false for jobs made elsewhere.</summary>
    internal bool WantsWebhook { get; init; }

    /// <summary>Whether the job says that it has a webhook; null if only a list told, which leaves the request out.</summary>
    internal bool? HasWebhook { get; init; }

    /// <summary>Where and as whom the job was made; null for one that came from a file. A method, so that no view and no file shows it.</summary>
    public ApiframeConnection? GetConnection() => Connection;

    internal ApiframeConnection? Connection { get; init; }

    /// <summary>When this process had the job accepted, on the connection's clock; null for jobs made elsewhere.</summary>
    internal TimeSpan? AcceptedAt { get; init; }

    /// <summary>The journal that the job is recorded in; null if there is none. A method, so that no view and no file shows it.</summary>
    public BananaJournal? GetJournal() => Journal;

    internal BananaJournal? Journal { get; init; }

    /// <summary>The request under the key of this job, with the paths of local files, if it may be submitted again; else null.</summary>
    internal SubmitRequest? Retry { get; init; }

    /// <summary>A job as a file or another process told of it. Nothing asked the service since, so it is not settled, and it has no connection.</summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="status">Its status, in any case; null or blank if it is not known.</param>
    /// <param name="prompt">Its prompt.</param>
    /// <param name="options">What else was asked for.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="creditCost">What it cost, in credits.</param>
    /// <param name="createdAt">When it was made.</param>
    /// <param name="completedAt">When it ended.</param>
    public static BananaJob FromRecord(
        string jobId, string? status = null, string? prompt = null, ImageOptions? options = null, string? error = null, decimal? creditCost = null,
        DateTimeOffset? createdAt = null, DateTimeOffset? completedAt = null) => new()
    {
        JobId = jobId,
        Status = JobStatus.Normalize(status),
        Prompt = prompt,
        Options = options ?? new ImageOptions(),
        Error = error,
        CreditCost = creditCost,
        CreatedAt = createdAt,
        CompletedAt = completedAt,
    };

    /// <summary>A job of which only the id is known.</summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="connection">As whom to ask for it.</param>
    /// <param name="journal">The journal that what becomes of it is recorded in; none by default.</param>
    public static BananaJob FromId(string jobId, ApiframeConnection connection, BananaJournal? journal = null) =>
        new() { JobId = jobId, Connection = connection, Journal = journal };

    /// <summary>Returns if the job has images to download, or its journal has them.</summary>
    /// <exception cref="ApiframeException">It has none, and the kind says why; <see cref="ApiframeException.Job"/> is this job.</exception>
    public void EnsureCompleted()
    {
        switch (Status)
        {
            case JobStatus.Completed when ImageUrls.Count > 0 || IsSaved:
                return;
            case JobStatus.Completed when Expired:
                throw Problem(ApiframeErrorKind.ImageExpired, "is completed, but the service no longer stores its image");
            case JobStatus.Completed:
                throw Problem(ApiframeErrorKind.JobWithoutImage, "is completed, but the service returned no image for it");
            case JobStatus.Failed:
                throw Problem(ApiframeErrorKind.JobFailed, "failed: " + (Error ?? "the service gave no reason").TrimEnd('.'));
            case JobStatus.Cancelled:
                throw Problem(ApiframeErrorKind.JobCancelled, "was canceled by the service");
            default:
                throw Problem(ApiframeErrorKind.JobNotFinished, $"is not finished. Its status is {Status}");
        }
    }

    /// <summary>Id and status.</summary>
    public override string ToString() => Status.Length == 0 ? JobId : $"{JobId} {Status}";

    /// <summary>The rule of <see cref="IsRefunded"/>, for a status and a cost that the job itself has told.</summary>
    internal static bool IsRefund(string status, decimal? creditCost) => status switch
    {
        JobStatus.Failed => creditCost is null or 0,
        JobStatus.Cancelled => creditCost == 0,
        _ => false,
    };

    private ApiframeException Problem(ApiframeErrorKind kind, string what) => new(kind, $"Job {JobId} {what}.")
    {
        Job = this,
        Charge = Status is JobStatus.Failed or JobStatus.Cancelled && CreditCost is not > 0 ? Charge.Refunded : Charge.Billed,
    };
}
