using System;
using System.Collections.Generic;
using Apiframe.Client.Journal;

namespace Apiframe.Client;

/// <summary>A job with its last known status. Immutable: another request returns a new object.</summary>
/// <remarks>
/// The property names are the parameter names of the cmdlets, so a job also binds after it was converted to JSON, CLIXML, or CSV. The job contains the
/// connection that submitted it, which is never shown or serialized.
/// </remarks>
public sealed class BananaJob
{
    private readonly JoinedUrls _imageUrls = JoinedUrls.Of([]);
    private readonly decimal? _creditCost;

    /// <summary>This constructor is internal, so that PowerShell does not convert any object with similar properties to a job without a connection.</summary>
    internal BananaJob()
    {
    }

    /// <summary>The ID of the job, a UUID.</summary>
    public required string JobId { get; init; }

    /// <summary>One of <see cref="JobStatus"/>, or a newer status in uppercase. Empty before the first response of the service.</summary>
    public string Status { get; init; } = string.Empty;

    /// <summary>
    /// The prompt. Null if another process submitted the job and the service did not echo the request, as in lists. For an edit: the description of the edited
    /// image, if it is known.
    /// </summary>
    public string? Prompt { get; init; }

    /// <summary>The options of the image. Unknown options have no value.</summary>
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

    /// <summary>The URLs of the reference images. Null if there are none, so that a CSV file of jobs has an empty cell.</summary>
    public IReadOnlyList<string>? ReferenceImage => Options.ReferenceImage.Count > 0 ? Options.ReferenceImage : null;

    /// <inheritdoc cref="ImageOptions.GoogleSearch"/>
    public bool GoogleSearch => Options.GoogleSearch;

    /// <inheritdoc cref="ImageOptions.ImageSearch"/>
    public bool ImageSearch => Options.ImageSearch;

    /// <summary>The number of the image among several images of the same request, from 1. Null for a single image or a job of another process.</summary>
    public int? Number { get; init; }

    /// <summary>The progress, 0 to 100, or null if the service does not report it.</summary>
    public int? Progress { get; init; }

    /// <summary>The URL of the first image. Null until the job is completed.</summary>
    public Uri? ImageUrl => ImageUrls.Count > 0 ? ImageUrls[0] : null;

    /// <summary>The URLs of the images. The nano-banana models create one image for each job.</summary>
    public IReadOnlyList<Uri> ImageUrls
    {
        get => _imageUrls;
        init => _imageUrls = JoinedUrls.Of(value);
    }

    /// <summary>The error of a failed job, as the service describes it.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The reason of the failure, as one of <see cref="JobFailureReason"/>: <c>Declined</c>, <c>Unavailable</c>, <c>InvalidInput</c>, or <c>Unknown</c>. It is
    /// derived from the text of <see cref="Error"/>, so a new text is <c>Unknown</c>. Null if the job has not failed.
    /// </summary>
    public string? FailureReason => JobFailureReason.Of(Status, Error);

    /// <summary>
    /// The charged credits. 0 after a failed job was refunded. Null if the service does not report a valid cost. The cost can change until the job has ended.
    /// </summary>
    public decimal? CreditCost
    {
        get => _creditCost;
        init => _creditCost = CreditAmount.Cost(value);
    }

    /// <summary>The status of the webhook, as the service spells it.</summary>
    public string? WebhookStatus { get; init; }

    /// <summary>The creation time in UTC. Until the service has reported it: the local time when the job was accepted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The end of the job in UTC.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Whether the service has deleted the image files.</summary>
    public bool Expired { get; init; }

    /// <summary>The key that the job was submitted under. Within 24 hours, another submission under this key returns this job and is not billed.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The last response of the service about the job, for fields without a property.</summary>
    public string? RawJson { get; init; }

    /// <summary>Whether the job has ended, with or without an image.</summary>
    public bool IsFinal => JobStatus.IsFinal(Status);

    /// <summary>
    /// Returns whether no more information is expected: the status is final and comes from a job object (the response to a submission contains only a status),
    /// and a completed job has its image.
    /// </summary>
    public bool IsSettled() => IsFinal && IsTold && !LacksImage;

    /// <summary>
    /// Whether the prompt can be submitted again without a second bill. The API's documentation promises a refund for failed jobs, so a failed job counts as
    /// refunded if its cost is missing. For canceled jobs, it promises nothing.
    /// </summary>
    internal bool IsRefunded => IsTold && IsRefund(Status, CreditCost);

    /// <summary>Whether the job contains its request.</summary>
    internal bool TellsRequest => Prompt is not null || Edit is not null;

    /// <summary>Whether the journal of the job contained a complete file for each of its images when it was read last. The job then needs no wait.</summary>
    internal bool IsSaved { get; init; }

    /// <summary>Whether the job is completed and its image URL is still missing.</summary>
    internal bool LacksImage => IsTold && Status == JobStatus.Completed && ImageUrls.Count == 0 && !Expired;

    /// <summary>The age of the image, as far as the clocks of the service and this computer agree. Null if it is unknown.</summary>
    internal TimeSpan? Age(DateTimeOffset now) => now - (CompletedAt ?? CreatedAt);

    /// <summary>
    /// Returns whether the service may have deleted the image: because it says so, or because the image is 20 hours old. The published retention times differ,
    /// and the shortest is 24 hours.
    /// </summary>
    /// <param name="now">The current time.</param>
    public bool MayHaveExpired(DateTimeOffset now) => Expired || Age(now) > TimeSpan.FromHours(20);

    /// <summary>Whether the ID comes from the service, in this process or in the run that wrote the journal.</summary>
    internal bool IsFromService => IsTold || AcceptedAt is not null || Journal is not null;

    /// <summary>Whether the properties come from a job object, and not from the response to a submission or only an ID.</summary>
    internal bool IsTold { get; init; }

    /// <summary>
    /// Returns whether a webhook was requested and the job object shows that it has none, so that the service sends no events. False while this is unknown. It
    /// is a method, so that no view and no file contains it.
    /// </summary>
    public bool LacksWebhook() => WantsWebhook && HasWebhook == false;

    /// <summary>Whether a webhook was requested when the job was submitted. False for jobs of other processes.</summary>
    internal bool WantsWebhook { get; init; }

    /// <summary>Whether the job has a webhook. Null if the job comes only from a list, which omits the request.</summary>
    internal bool? HasWebhook { get; init; }

    /// <summary>Returns the connection of the job, or null for a job from a file. It is a method, so that no view and no file contains it.</summary>
    public ApiframeConnection? GetConnection() => Connection;

    internal ApiframeConnection? Connection { get; init; }

    /// <summary>When this process received the acceptance of the job, by the clock of the connection. Null for jobs of other processes.</summary>
    internal TimeSpan? AcceptedAt { get; init; }

    /// <summary>Returns the journal of the job, or null. It is a method, so that no view and no file contains it.</summary>
    public BananaJournal? GetJournal() => Journal;

    internal BananaJournal? Journal { get; init; }

    /// <summary>The request with the key of this job and the paths of local files, if it can be submitted again. Otherwise, null.</summary>
    internal SubmitRequest? Retry { get; init; }

    /// <summary>Creates a job from a file or another process. It is not settled and has no connection.</summary>
    /// <param name="jobId">The ID of the job.</param>
    /// <param name="status">The status, in any case. Null or empty if it is unknown.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="options">The options of the image.</param>
    /// <param name="error">The error of a failed job.</param>
    /// <param name="creditCost">The cost in credits.</param>
    /// <param name="createdAt">The creation time.</param>
    /// <param name="completedAt">The end of the job.</param>
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

    /// <summary>The text for the error of a job that failed without one.</summary>
    internal const string NoReason = "The service gave no reason";

    /// <summary>Creates a job of which only the ID is known.</summary>
    /// <param name="jobId">The ID of the job.</param>
    /// <param name="connection">The connection for requests about the job.</param>
    /// <param name="journal">The journal that records the job, or null.</param>
    public static BananaJob FromId(string jobId, ApiframeConnection connection, BananaJournal? journal = null) =>
        new() { JobId = jobId, Connection = connection, Journal = journal };

    /// <summary>Throws an exception unless the job has images to download or its journal contains their files.</summary>
    /// <exception cref="ApiframeException">The job has no image. The kind contains the reason, and <see cref="ApiframeException.Job"/> is this job.</exception>
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
                throw Problem(ApiframeErrorKind.JobFailed, "failed: " + (Error ?? NoReason).TrimEnd('.'));
            case JobStatus.Cancelled:
                throw Problem(ApiframeErrorKind.JobCancelled, "was canceled by the service");
            default:
                throw Problem(ApiframeErrorKind.JobNotFinished, $"is not finished. Its status is {Status}");
        }
    }

    /// <summary>Returns the ID and the status.</summary>
    public override string ToString() => Status.Length == 0 ? JobId : $"{JobId} {Status}";

    /// <summary>The rule of <see cref="IsRefunded"/>, for the status and the cost of a job object.</summary>
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
