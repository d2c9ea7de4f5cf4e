using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>Turns records into orders. What was typed on the command line counts for every record; what a record brings counts for that record only.</summary>
internal sealed class ImageOrders
{
    /// <summary>Parameters that make another image when they are typed.</summary>
    private static readonly string[] Options =
    [
        nameof(SubmitRequest.Prompt), nameof(SubmitRequest.Model), nameof(SubmitRequest.Resolution), nameof(SubmitRequest.AspectRatio), nameof(SubmitRequest.OutputFormat),
        nameof(SubmitRequest.ReferenceImage), nameof(SubmitRequest.GoogleSearch), nameof(SubmitRequest.ImageSearch),
    ];

    private readonly HashSet<string> _typed;
    private readonly IReadOnlyList<object> _typedReferences;

    /// <param name="typed">The names of the parameters that were typed.</param>
    /// <param name="typedReferences">The reference images that were typed.</param>
    public ImageOrders(IEnumerable<string> typed, IReadOnlyList<object> typedReferences)
    {
        _typed = new HashSet<string>(typed, StringComparer.OrdinalIgnoreCase);
        _typedReferences = typedReferences;
    }

    /// <summary>Whether a parameter was typed.</summary>
    public bool IsTyped(string parameter) => _typed.Contains(parameter);

    /// <summary>Whether the prompts change the image of the job that the record is. Otherwise the record is made into a new image.</summary>
    public bool IsEdit(ImageRecord record) => record.IsJob && IsTyped(nameof(SubmitRequest.Prompt));

    /// <summary>The new images that a record asks for.</summary>
    public IReadOnlyList<ImageOrder> New(ImageRecord record) =>
        record.Requests.Select(request => new ImageOrder(WithOwnKey(record, request), record.References, record.Scope, record.Journal, Edited: null)).ToList();

    /// <summary>The changed images of a job that a record asks for. The job's own image is the first reference, and the typed ones follow.</summary>
    public IReadOnlyList<ImageOrder> Edits(ImageRecord record, BananaJob job) =>
        record.Requests.Select(request => new ImageOrder(WithOwnKey(record, request), [job, .. _typedReferences], record.Scope, record.Journal, job)).ToList();

    /// <summary>The key that a job brings belongs to its own image, so a new image does not take it. In the journal that it comes from, it says which image is meant.</summary>
    private SubmitRequest WithOwnKey(ImageRecord record, SubmitRequest request)
    {
        bool isTyped = IsTyped(nameof(SubmitRequest.IdempotencyKey));
        return request with
        {
            IdempotencyKey = isTyped || !record.IsJob || IsContinued(record) ? request.IdempotencyKey : null,
            OutcomeUnknownSince = isTyped ? null : request.OutcomeUnknownSince,
        };
    }

    /// <summary>Whether the record is an image of a journal, and is to be made as the journal has it.</summary>
    private bool IsContinued(ImageRecord record) => record.Journal is not null && !IsTyped(nameof(ImageRecord.Journal)) && !Options.Any(IsTyped);
}
