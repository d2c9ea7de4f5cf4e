using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>The parameters of New-BananaImage for one record of the pipeline.</summary>
/// <param name="Requests">A request for each prompt, without the reference images.</param>
/// <param name="References">The reference images, as they were specified.</param>
/// <param name="Scope">The idempotency scope, or null.</param>
/// <param name="Journal">The full path of the journal, or null.</param>
/// <param name="IsJob">Whether the record is a job, or was a job before it was written to a file.</param>
internal sealed record ImageRecord(IReadOnlyList<SubmitRequest> Requests, IReadOnlyList<object> References, string? Scope, string? Journal, bool IsJob);
