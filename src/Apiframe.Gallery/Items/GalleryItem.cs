using System;
using System.IO;
using Apiframe.Client;

namespace Apiframe.Gallery;

/// <summary>One item of a gallery: a saved image, or a job or prompt without an image and the reason.</summary>
public sealed class GalleryItem
{
    /// <summary>The status of a completed job whose image is not among the files.</summary>
    public const string Unsaved = "UNSAVED";

    /// <summary>The status of a prompt without a job, or of a job about which nothing is known.</summary>
    public const string NoJob = "ERROR";

    private GalleryItem()
    {
    }

    /// <summary>The image file, or null.</summary>
    public FileInfo? File { get; private init; }

    /// <summary>Returns whether no image will exist for an item with this status.</summary>
    public static bool IsLost(string status) => status is JobStatus.Failed or JobStatus.Cancelled or NoJob;

    /// <summary>
    /// The status of the job, <see cref="Unsaved"/>, or <see cref="NoJob"/>. An image file has <see cref="JobStatus.Completed"/> even if its job is unknown.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>The reason why the image does not exist, or null.</summary>
    public string? Reason { get; private init; }

    /// <summary>The job. Null for a prompt without a job, and for an image whose job is unknown.</summary>
    public BananaJob? Job { get; private init; }

    /// <summary>The request of an item without a job.</summary>
    private SubmitRequest? Request { get; init; }

    /// <summary>The prompt, or null if it is unknown.</summary>
    public string? Prompt => Job?.Prompt ?? Request?.Prompt;

    /// <summary>The options of the image. Unknown options have no value.</summary>
    public ImageOptions Options => Job?.Options ?? Request ?? new ImageOptions();

    /// <summary>The name of the item: the prompt, or else the name of the file, or else the ID of the job.</summary>
    public string Name => !string.IsNullOrWhiteSpace(Prompt) ? Prompt! : File?.Name ?? Job?.JobId ?? "No prompt";

    /// <summary>The creation time in UTC: that of the job, or else that of the file.</summary>
    public DateTimeOffset? Time => Job?.CreatedAt ?? (File is null ? null : new DateTimeOffset(File.LastWriteTimeUtc));

    /// <summary>The time from the creation to the end of the job, or null if either time is unknown.</summary>
    public TimeSpan? Duration => Job is { CreatedAt: { } created, CompletedAt: { } completed } && completed >= created ? completed - created : null;

    /// <summary>Creates an item for an image on disk.</summary>
    /// <param name="file">The image.</param>
    /// <param name="job">The job that made the image, or null if it is unknown.</param>
    public static GalleryItem Image(FileInfo file, BananaJob? job = null) =>
        new() { File = file, Job = job, Status = JobStatus.Completed };

    /// <summary>Creates an item for a job without an image file.</summary>
    /// <param name="job">The job.</param>
    /// <param name="reason">The reason why the image is missing, if the job does not contain it.</param>
    public static GalleryItem WithoutImage(BananaJob job, string? reason = null) => new()
    {
        Job = job,
        Status = job.Status switch
        {
            JobStatus.Completed => Unsaved,
            { Length: 0 } => NoJob,
            { } status => status,
        },
        Reason = Shown(job.Error ?? reason),
    };

    /// <summary>Creates an item for a prompt without a job.</summary>
    public static GalleryItem WithoutJob(SubmitRequest request, string reason) => new() { Request = request, Status = NoJob, Reason = Shown(reason) };

    /// <summary>Removes control characters from a reason. A reason that was read from a file may not come from an error of this library.</summary>
    private static string? Shown(string? reason) => reason is null ? null : ShownText.Message(reason);
}
