using System;
using System.IO;
using Apiframe.Client;

namespace Apiframe.Gallery;

/// <summary>One item of a gallery: a saved image, or a job or prompt without an image and the reason.</summary>
public sealed class GalleryItem
{
    /// <summary>Completed, but its image is not among the files.</summary>
    public const string Unsaved = "UNSAVED";

    /// <summary>A prompt that did not become a job, or a job of which nothing could be learned.</summary>
    public const string NoJob = "ERROR";

    private GalleryItem()
    {
    }

    /// <summary>The image; null if there is none.</summary>
    public FileInfo? File { get; private init; }

    /// <summary>Whether no image will come of what is in this status.</summary>
    public static bool IsLost(string status) => status is JobStatus.Failed or JobStatus.Cancelled or NoJob;

    /// <summary>A job's status, <see cref="Unsaved"/> or <see cref="NoJob"/>; an image is <see cref="JobStatus.Completed"/> even if nothing is known of its job.</summary>
    public required string Status { get; init; }

    /// <summary>Why the image does not exist.</summary>
    public string? Reason { get; private init; }

    /// <summary>The job; null for a prompt that became none, and for an image of which nothing is known.</summary>
    public BananaJob? Job { get; private init; }

    /// <summary>What was asked for, where it did not become a job.</summary>
    private SubmitRequest? Request { get; init; }

    /// <summary>The prompt, as far as it is known.</summary>
    public string? Prompt => Job?.Prompt ?? Request?.Prompt;

    /// <summary>What was asked for besides the prompt, as far as it is known.</summary>
    public ImageOptions Options => Job?.Options ?? Request ?? new ImageOptions();

    /// <summary>What a person calls it: the prompt, else the file's name, else the job's id.</summary>
    public string Name => !string.IsNullOrWhiteSpace(Prompt) ? Prompt! : File?.Name ?? Job?.JobId ?? "No prompt";

    /// <summary>When it was made, UTC: what the job says, else what the file does.</summary>
    public DateTimeOffset? Time => Job?.CreatedAt ?? (File is null ? null : new DateTimeOffset(File.LastWriteTimeUtc));

    /// <summary>From acceptance to end; null if either is not known.</summary>
    public TimeSpan? Duration => Job is { CreatedAt: { } created, CompletedAt: { } completed } && completed >= created ? completed - created : null;

    /// <summary>An image on disk.</summary>
    /// <param name="file">The image.</param>
    /// <param name="job">The job that made it; null if nothing is known of it.</param>
    public static GalleryItem Image(FileInfo file, BananaJob? job = null) =>
        new() { File = file, Job = job, Status = JobStatus.Completed };

    /// <summary>A job whose image is not at hand.</summary>
    /// <param name="job">The job.</param>
    /// <param name="reason">What went wrong, unless the job says it.</param>
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

    /// <summary>A prompt that did not become a job.</summary>
    public static GalleryItem WithoutJob(SubmitRequest request, string reason) => new() { Request = request, Status = NoJob, Reason = Shown(reason) };

    /// <summary>Once more, as what comes from a file may never have been an error of this library.</summary>
    private static string? Shown(string? reason) => reason is null ? null : ShownText.Message(reason);
}
