using System;
using System.Collections.Generic;
using System.IO;

namespace Apiframe.Client;

/// <summary>The one exception of this library: everything that the service, the network or an answer did wrong.</summary>
/// <remarks>
/// Misuse by the calling code is an <see cref="ArgumentException"/>; cancelling is an <see cref="OperationCanceledException"/>, but for a submission
/// that may have been accepted already.
/// </remarks>
public sealed class ApiframeException : Exception
{
    internal static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoDetails = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Makes an exception of a kind with a text for people.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">
    /// What happened and, where there is something to do, what to do next. Control characters, and in addresses user, password and query, are left out.
    /// </param>
    /// <param name="innerException">
    /// The cause, if another exception of this library was. Exceptions of other libraries are kept as text only: they may quote keys and passwords.
    /// </param>
    public ApiframeException(ApiframeErrorKind kind, string message, ApiframeException? innerException = null)
        : base(ShownText.Message(message), innerException) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public ApiframeErrorKind Kind { get; }

    /// <summary>A refusal of what was asked for, before anything is sent.</summary>
    /// <param name="message">Names the value, what is allowed and what to do. That nothing was sent is added.</param>
    /// <param name="kind">What is wrong.</param>
    public static ApiframeException NotSent(string message, ApiframeErrorKind kind = ApiframeErrorKind.InvalidRequest) =>
        new(kind, message + " No request was sent.") { Charge = Client.Charge.NotSent };

    /// <summary>The HTTP status, if there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The service's <c>x-request-id</c>, to name to its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>For 400: the service's texts by JSON path of the field. Empty otherwise.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Details { get; init; } = NoDetails;

    /// <summary>For 402: what the submission would have cost.</summary>
    public decimal? CreditsRequired { get; init; }

    /// <summary>For 402: what the account has.</summary>
    public decimal? CreditsAvailable { get; init; }

    /// <summary>How long the service asked to wait, if it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// For a wait that ended early: the job as last seen. For <see cref="ApiframeErrorKind.JournalNotWritable"/>: the job that was accepted, has ended, or was
    /// saved, and that the journal does not have as that.
    /// </summary>
    public BananaJob? Job { get; init; }

    /// <summary>For <see cref="ApiframeErrorKind.JournalNotWritable"/>: the file that was saved, and that the journal does not have.</summary>
    public FileInfo? File { get; init; }

    /// <summary>For a submission: the request as it was sent, under its idempotency key.</summary>
    public SubmitRequest? Request { get; internal set; }

    /// <summary>What the image has cost that this is about; null where no image is.</summary>
    public Charge? Charge { get; internal set; }

    /// <summary>For <see cref="ApiframeErrorKind.Conflict"/>: whether an earlier run of an <see cref="IdempotencyScope"/> submitted the image, so that its job is there.</summary>
    public bool IsResubmission { get; init; }

    /// <summary>
    /// For <see cref="ApiframeErrorKind.SubmissionUnknown"/>: whether the service may have forgotten the idempotency key, so that submitting again can be billed again.
    /// </summary>
    public bool IsKeyForgotten { get; init; }

    /// <summary>
    /// Whether this is about the address, the key, or the account, and not about the one request: for example, no key was found, or the service does not accept it,
    /// or credits are missing. Every other request fails in the same way until somebody changes that.
    /// </summary>
    public bool ConcernsEveryRequest => Kind is ApiframeErrorKind.MissingApiKey or ApiframeErrorKind.InvalidBaseUri or ApiframeErrorKind.Authentication
        or ApiframeErrorKind.InsufficientCredits or ApiframeErrorKind.Forbidden;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => Kind is ApiframeErrorKind.RateLimited or ApiframeErrorKind.ServiceUnavailable or ApiframeErrorKind.Gateway
        or ApiframeErrorKind.RequestTimeout or ApiframeErrorKind.Network or ApiframeErrorKind.InvalidResponse;

    /// <summary>Whether the service may have carried the request out although no clear answer came.</summary>
    internal bool OutcomeUnknown { get; init; }
}
