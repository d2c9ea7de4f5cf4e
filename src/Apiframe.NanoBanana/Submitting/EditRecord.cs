using System;
using System.Collections.Generic;
using System.IO;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>What the parameters of Edit-BananaImage hold while one record of the pipeline is bound, and the orders that come of it.</summary>
/// <param name="Request">The edit with its options, without the image; its <see cref="ImageOptions.Edit"/> is null if none was given.</param>
/// <param name="Scope">The idempotency scope; null if there is none.</param>
/// <param name="Journal">The journal as a full path; null if there is none.</param>
internal sealed record EditRecord(SubmitRequest Request, string? Scope, string? Journal)
{
    /// <summary>The edit of an image that is not known as a job's.</summary>
    /// <param name="image">Its URL or full path.</param>
    /// <param name="madeBy">The job that it was saved from, as far as it is known.</param>
    /// <exception cref="ApiframeException">No edit was given.</exception>
    public ImageOrder ForImage(string image, BananaJob? madeBy) => Request.Edit is null
        ? throw NoEdit()
        : Order(Request with { Prompt = madeBy?.Prompt ?? NameOf(image) }, [image], edited: null);

    /// <summary>The edit of a job's image; of an edit that failed, the same edit again if no other was given.</summary>
    /// <param name="job">The job as the service reports it.</param>
    /// <exception cref="ApiframeException">No edit was given, and the job is not an edit that failed.</exception>
    public ImageOrder ForJob(BananaJob job) => Request.Edit is not null
        ? Order(Request with { Prompt = job.Prompt ?? string.Empty }, [job], job)
        : job.Edit is not null && job.Status is JobStatus.Failed or JobStatus.Cancelled
            ? Order(
                Request with { Prompt = job.Prompt ?? string.Empty, Edit = job.Edit, Model = job.Model, OutputFormat = job.OutputFormat }, job.Options.ReferenceImage, job)
            : throw NoEdit();

    /// <summary>An edit that has no job yet, as it is: the target of an error, or an image of a journal.</summary>
    /// <exception cref="ApiframeException">It is not an edit, or another edit was given.</exception>
    public ImageOrder Again(SubmitRequest request) =>
        request.Edit is null ? throw ApiframeException.NotSent($"'{request}' is a prompt without an image. Pipe it to New-BananaImage.")
        : Request.Edit is not null ? throw ApiframeException.NotSent($"'{request}' is an edit without an image. To submit it again, omit -RemoveBackground and -Upscale.")
        : Order(request, request.ReferenceImage, edited: null);

    private static ApiframeException NoEdit() => ApiframeException.NotSent(
        "Neither -RemoveBackground nor -Upscale is specified. Use one of them, such as -Upscale 2. Only a failed edit is submitted again without them.");

    /// <summary>The name of a file, without its extension, says what the image shows if nothing else does.</summary>
    private static string NameOf(string image) => Path.GetFileNameWithoutExtension(WebUrl.Parse(image) is { } url ? Uri.UnescapeDataString(url.AbsolutePath) : image);

    private ImageOrder Order(SubmitRequest request, IReadOnlyList<object> image, BananaJob? edited) => new(request, image, Scope, Journal, edited);
}
