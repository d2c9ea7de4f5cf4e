using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Turns records of New-BananaImage into orders. What was typed on the command line counts for every record; what a record brings counts for that record only.</summary>
internal sealed class ImageOrders
{
    /// <summary>Parameters that make another image when they are typed.</summary>
    private static readonly string[] Options =
    [
        nameof(SubmitRequest.Prompt), nameof(SubmitRequest.Model), nameof(SubmitRequest.Resolution), nameof(SubmitRequest.AspectRatio), nameof(SubmitRequest.OutputFormat),
        nameof(SubmitRequest.ReferenceImage), nameof(SubmitRequest.GoogleSearch), nameof(SubmitRequest.ImageSearch),
    ];

    private readonly Func<string, bool> _isTyped;
    private readonly IReadOnlyList<object> _typedReferences;

    /// <param name="isTyped">Whether a parameter was typed.</param>
    /// <param name="typedReferences">The reference images that were typed.</param>
    public ImageOrders(Func<string, bool> isTyped, IReadOnlyList<object> typedReferences)
    {
        _isTyped = isTyped;
        _typedReferences = typedReferences;
    }

    /// <summary>Whether the prompts change the image of the job that the record is. Otherwise the record is made into a new image.</summary>
    public bool IsEdit(ImageRecord record) => record.IsJob && _isTyped(nameof(SubmitRequest.Prompt));

    /// <summary>The new images that a record asks for.</summary>
    public IReadOnlyList<ImageOrder> New(ImageRecord record) =>
        record.Requests.Select(request => new ImageOrder(WithOwnKey(record, request), record.References, record.Scope, record.Journal, Edited: null)).ToList();

    /// <summary>The changed images of a job that a record asks for. The job's own image is the first reference, and the typed ones follow.</summary>
    public IReadOnlyList<ImageOrder> Edits(ImageRecord record, BananaJob job) =>
        record.Requests.Select(request => new ImageOrder(
            WithOwnKey(record, request) with { Model = _isTyped(nameof(SubmitRequest.Model)) ? request.Model : ModelOf(request.Model) },
            [job, .. _typedReferences],
            record.Scope,
            record.Journal,
            job)).ToList();

    /// <summary>The model that a new image of a prompt takes over from the image that it is made from; null if that was edited by a model that makes none of a prompt.</summary>
    public static string? ModelOf(string? model) => ImageEdit.Upscalers.Concat(ImageEdit.BackgroundRemovers).Contains(model) ? null : model;

    /// <summary>The key that a job brings belongs to its own image, so a new image does not take it. In the journal that it comes from, it says which image is meant.</summary>
    private SubmitRequest WithOwnKey(ImageRecord record, SubmitRequest request)
    {
        bool isTyped = _isTyped(nameof(SubmitRequest.IdempotencyKey));
        return request with
        {
            IdempotencyKey = isTyped || !record.IsJob || IsContinued(record) ? request.IdempotencyKey : null,
            OutcomeUnknownSince = isTyped ? null : request.OutcomeUnknownSince,
        };
    }

    /// <summary>Whether the record is an image of a journal, and is to be made as the journal has it.</summary>
    private bool IsContinued(ImageRecord record) => record.Journal is not null && !_isTyped(nameof(ImageRecord.Journal)) && !Options.Any(_isTyped);
}
