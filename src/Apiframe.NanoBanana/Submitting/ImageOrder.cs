using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>One image that a record orders, before its reference images are resolved and its key is known.</summary>
/// <param name="Request">The prompt or the edit, and the options, without the reference images.</param>
/// <param name="References">The reference images that the user specified: URLs, paths, files, uploads, and jobs.</param>
/// <param name="Scope">The idempotency scope of the record, or null.</param>
/// <param name="Journal">The full path of the journal of the record, or null.</param>
/// <param name="Edited">The job whose image is changed, or null if the image is not from a job.</param>
internal sealed record ImageOrder(SubmitRequest Request, IReadOnlyList<object> References, string? Scope, string? Journal, BananaJob? Edited)
{
    /// <summary>The target of an error about the order.</summary>
    public object Target => (object?)Edited ?? Request;
}
