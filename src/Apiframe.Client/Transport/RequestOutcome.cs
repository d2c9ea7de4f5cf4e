using System;

namespace Apiframe.Client.Transport;

/// <summary>
/// The outcome of the attempts under one idempotency key. A later rejection does not undo what an earlier attempt may have done.
/// </summary>
internal sealed class RequestOutcome
{
    /// <summary>The start of the first attempt that may have been processed without a clear response, or null.</summary>
    public DateTimeOffset? UnknownSince { get; set; }

    /// <summary>Whether the service may have processed an attempt.</summary>
    public bool IsUnknown => UnknownSince is not null;
}
