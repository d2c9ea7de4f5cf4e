using System;

namespace Apiframe.Client.Transport;

/// <summary>What is known of what the service did with the attempts under one idempotency key. A later refusal does not undo what an earlier attempt may have done.</summary>
internal sealed class RequestOutcome
{
    /// <summary>When the first attempt began that may have been carried out although no clear answer came; null if there was none.</summary>
    public DateTimeOffset? UnknownSince { get; set; }

    /// <summary>Whether the service may have carried an attempt out.</summary>
    public bool IsUnknown => UnknownSince is not null;
}
