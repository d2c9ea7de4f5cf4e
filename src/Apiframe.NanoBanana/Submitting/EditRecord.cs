using System;
using System.Collections.Generic;
using System.IO;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>The parameters of Edit-BananaImage for one record of the pipeline, and the images that it orders.</summary>
/// <param name="Request">The edit with its options, without the image. Its <see cref="ImageOptions.Edit"/> is null if none was specified.</param>
/// <param name="Scope">The idempotency scope, or null.</param>
/// <param name="Journal">The full path of the journal, or null.</param>
internal sealed record EditRecord(SubmitRequest Request, string? Scope, string? Journal)
{
    /// <summary>Returns the edit of an image whose job is not the input.</summary>
    /// <param name="image">The URL or full path of the image.</param>
    /// <param name="madeBy">The job that the image was saved from, or null if it is unknown.</param>
    /// <exception cref="ApiframeException">No edit was specified.</exception>
    public ImageOrder ForImage(string image, BananaJob? madeBy) => Request.Edit is null
        ? throw NoEdit()
        : Order(Request with { Prompt = madeBy?.Prompt ?? NameOf(image) }, [image], edited: null);

    /// <summary>Returns the edit of the image of a job. If the job is a failed edit and no other edit was specified, returns the same edit again.</summary>
    /// <param name="job">The job, as the service returned it.</param>
    /// <exception cref="ApiframeException">No edit was specified, and the job is not a failed edit.</exception>
    public ImageOrder ForJob(BananaJob job) => Request.Edit is not null
        ? Order(Request with { Prompt = job.Prompt ?? string.Empty }, [job], job)
        : job.Edit is not null && job.Status is JobStatus.Failed or JobStatus.Cancelled
            ? Order(
                Request with { Prompt = job.Prompt ?? string.Empty, Edit = job.Edit, Model = job.Model, OutputFormat = job.OutputFormat }, job.Options.ReferenceImage, job)
            : throw NoEdit();

    /// <summary>Returns an edit without a job unchanged: the target of an error, or an image of a journal.</summary>
    /// <exception cref="ApiframeException">The request is not an edit, or another edit was specified.</exception>
    public ImageOrder Again(SubmitRequest request) =>
        request.Edit is null ? throw ApiframeException.NotSent($"'{request}' is a prompt without an image. Pipe it to New-BananaImage.")
        : Request.Edit is not null ? throw ApiframeException.NotSent($"'{request}' is already an edit. To submit this edit again, omit -RemoveBackground and -Upscale.")
        : Order(request, request.ReferenceImage, edited: null);

    private static ApiframeException NoEdit() => ApiframeException.NotSent(
        "Neither -RemoveBackground nor -Upscale is specified. Use one of them, such as -Upscale 2. Without these parameters, only a failed edit can be submitted again.");

    /// <summary>Returns the name of a file without its extension, which is the description of an image without another one.</summary>
    private static string NameOf(string image) => Path.GetFileNameWithoutExtension(WebUrl.Parse(image) is { } url ? Uri.UnescapeDataString(url.AbsolutePath) : image);

    private ImageOrder Order(SubmitRequest request, IReadOnlyList<object> image, BananaJob? edited) => new(request, image, Scope, Journal, edited);
}
