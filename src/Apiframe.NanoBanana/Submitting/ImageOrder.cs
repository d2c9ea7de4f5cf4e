using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>One image that a record asks for, before its reference images are found and its key is known.</summary>
/// <param name="Request">The prompt or the edit, and the options, without the reference images.</param>
/// <param name="References">What the user gave as reference images: URLs, paths, files, uploads, and jobs.</param>
/// <param name="Scope">The idempotency scope of the record; null if it has none.</param>
/// <param name="Journal">The journal of the record, as a full path; null if it has none.</param>
/// <param name="Edited">The job whose image is changed; null if it is not the image of a job.</param>
internal sealed record ImageOrder(SubmitRequest Request, IReadOnlyList<object> References, string? Scope, string? Journal, BananaJob? Edited)
{
    /// <summary>What an error about the order is about.</summary>
    public object Target => (object?)Edited ?? Request;
}
