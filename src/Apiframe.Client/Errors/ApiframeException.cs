using System;
using System.Collections.Generic;
using System.IO;

namespace Apiframe.Client;

/// <summary>The exception of this library, for all errors of the service, the network, and responses.</summary>
/// <remarks>
/// Incorrect use by the calling code is an <see cref="ArgumentException"/>. Cancellation is an <see cref="OperationCanceledException"/>, except for a
/// submission that may have been accepted.
/// </remarks>
public sealed class ApiframeException : Exception
{
    internal static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoDetails = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Creates an exception.</summary>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="message">
    /// What happened and, if there is a remedy, what to do. Control characters are removed, and in addresses also the user, the password, and the query.
    /// </param>
    /// <param name="innerException">
    /// The cause, if it is an exception of this library. Exceptions of other libraries are kept only as text, because they can contain keys and passwords.
    /// </param>
    public ApiframeException(ApiframeErrorKind kind, string message, ApiframeException? innerException = null)
        : base(ShownText.Message(message), innerException) => Kind = kind;

    /// <summary>The kind of the error.</summary>
    public ApiframeErrorKind Kind { get; }

    /// <summary>Creates an exception for a request that is rejected before it is sent.</summary>
    /// <param name="message">The value, the allowed values, and what to do. A sentence that no request was sent is added.</param>
    /// <param name="kind">The kind of the error.</param>
    public static ApiframeException NotSent(string message, ApiframeErrorKind kind = ApiframeErrorKind.InvalidRequest) =>
        new(kind, message + " No request was sent.") { Charge = Client.Charge.NotSent };

    /// <summary>The HTTP status, or null without a response.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The <c>x-request-id</c> of the service, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>For 400: the texts of the service by the JSON path of the field. Otherwise, it is empty.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Details { get; init; } = NoDetails;

    /// <summary>For 402: the cost of the submission.</summary>
    public decimal? CreditsRequired { get; init; }

    /// <summary>For 402: the balance of the account.</summary>
    public decimal? CreditsAvailable { get; init; }

    /// <summary>The time that the service asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// For a wait that ended early: the job with its last known status. For <see cref="ApiframeErrorKind.JournalNotWritable"/>: the job that was accepted,
    /// ended, or saved without being recorded in the journal.
    /// </summary>
    public BananaJob? Job { get; init; }

    /// <summary>For <see cref="ApiframeErrorKind.JournalNotWritable"/>: the file that was saved without being recorded in the journal.</summary>
    public FileInfo? File { get; init; }

    /// <summary>For a submission: the request as it was sent, with its idempotency key.</summary>
    public SubmitRequest? Request { get; internal set; }

    /// <summary>What the image of the error has cost, or null if the error is not about an image.</summary>
    public Charge? Charge { get; internal set; }

    /// <summary>
    /// For <see cref="ApiframeErrorKind.Conflict"/>: whether an earlier run of an <see cref="IdempotencyScope"/> has submitted the image, so that its job
    /// exists.
    /// </summary>
    public bool IsResubmission { get; init; }

    /// <summary>
    /// For <see cref="ApiframeErrorKind.SubmissionUnknown"/>: whether the service may have forgotten the idempotency key, so that another submission could be
    /// billed again.
    /// </summary>
    public bool IsKeyForgotten { get; init; }

    /// <summary>
    /// Whether the error is about the address, the key, or the account instead of one request. Examples are a missing key, a key that the service rejects, and
    /// too few credits. Every other request fails in the same way until this is changed.
    /// </summary>
    public bool ConcernsEveryRequest => Kind is ApiframeErrorKind.MissingApiKey or ApiframeErrorKind.InvalidBaseUri or ApiframeErrorKind.Authentication
        or ApiframeErrorKind.InsufficientCredits or ApiframeErrorKind.Forbidden;

    /// <summary>Whether the same request can succeed later.</summary>
    public bool IsTransient => Kind is ApiframeErrorKind.RateLimited or ApiframeErrorKind.ServiceUnavailable or ApiframeErrorKind.Gateway
        or ApiframeErrorKind.RequestTimeout or ApiframeErrorKind.Network or ApiframeErrorKind.InvalidResponse;

    /// <summary>Whether the service may have processed the request without a clear response.</summary>
    internal bool OutcomeUnknown { get; init; }
}
