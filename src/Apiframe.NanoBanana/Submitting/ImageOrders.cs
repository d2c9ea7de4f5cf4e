using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;
using Apiframe.NanoBanana.Commands;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>
/// Converts records of New-BananaImage to orders. Parameters from the command line apply to every record. Values of a record apply only to that record.
/// </summary>
internal sealed class ImageOrders
{
    /// <summary>The parameters that change the image if they are specified on the command line.</summary>
    private static readonly string[] Options =
    [
        nameof(SubmitRequest.Prompt), nameof(SubmitRequest.Model), nameof(SubmitRequest.Resolution), nameof(SubmitRequest.AspectRatio), nameof(SubmitRequest.OutputFormat),
        nameof(SubmitRequest.ReferenceImage), nameof(SubmitRequest.GoogleSearch), nameof(SubmitRequest.ImageSearch),
    ];

    private readonly Func<string, bool> _isTyped;
    private readonly IReadOnlyList<object> _typedReferences;

    /// <param name="isTyped">Returns whether a parameter was specified on the command line.</param>
    /// <param name="typedReferences">The reference images from the command line.</param>
    public ImageOrders(Func<string, bool> isTyped, IReadOnlyList<object> typedReferences)
    {
        _isTyped = isTyped;
        _typedReferences = typedReferences;
    }

    /// <summary>Whether the prompts change the image of a job. Otherwise, the record creates new images.</summary>
    public bool IsEdit(ImageRecord record) => record.IsJob && (_isTyped(nameof(SubmitRequest.Prompt)) || JobIsTyped);

    private bool JobIsTyped => _isTyped(nameof(NewBananaImageCommand.InputObject));

    public IReadOnlyList<ImageOrder> New(ImageRecord record) =>
        record.Requests.Select(request => new ImageOrder(WithOwnKey(record, request), record.References, record.Scope, record.Journal, Edited: null)).ToList();

    /// <summary>Returns the changed images of a job. The image of the job is the first reference. If the record is the job, its own references are not used.</summary>
    public IReadOnlyList<ImageOrder> Edits(ImageRecord record, BananaJob job) =>
        record.Requests.Select(request => new ImageOrder(
            WithOwnKey(record, request) with { Model = _isTyped(nameof(SubmitRequest.Model)) ? request.Model : ModelOf(request.Model) },
            [job, .. JobIsTyped ? record.References : _typedReferences],
            record.Scope,
            record.Journal,
            job)).ToList();

    /// <summary>
    /// Returns the model for a new image that is created from another image. Null if the other image was edited by a model that does not create images from
    /// prompts.
    /// </summary>
    public static string? ModelOf(string? model) => ImageEdit.Upscalers.Concat(ImageEdit.BackgroundRemovers).Contains(model) ? null : model;

    /// <summary>
    /// Adds the key of a record to its request if it identifies the same image. The key of a job belongs to the image of that job, so a new image does not use
    /// it. In the journal that the key comes from, it identifies the image.
    /// </summary>
    private SubmitRequest WithOwnKey(ImageRecord record, SubmitRequest request)
    {
        bool isTyped = _isTyped(nameof(SubmitRequest.IdempotencyKey));
        return request with
        {
            IdempotencyKey = isTyped || !record.IsJob || IsContinued(record) ? request.IdempotencyKey : null,
            OutcomeUnknownSince = isTyped ? null : request.OutcomeUnknownSince,
        };
    }

    /// <summary>Whether the record is an image of a journal that is created as in the journal.</summary>
    private bool IsContinued(ImageRecord record) => record.Journal is not null && !_isTyped(nameof(ImageRecord.Journal)) && !Options.Any(_isTyped);
}
