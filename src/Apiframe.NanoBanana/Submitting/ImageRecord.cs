using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>What the parameters of New-BananaImage hold while one record of the pipeline is bound.</summary>
/// <param name="Requests">A request for each prompt, without the reference images.</param>
/// <param name="References">The reference images as given.</param>
/// <param name="Scope">The idempotency scope; null if there is none.</param>
/// <param name="Journal">The journal as a full path; null if there is none.</param>
/// <param name="IsJob">Whether the record is a job, or was one before it went through a file.</param>
internal sealed record ImageRecord(IReadOnlyList<SubmitRequest> Requests, IReadOnlyList<object> References, string? Scope, string? Journal, bool IsJob);
