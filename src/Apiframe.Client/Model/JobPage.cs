using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>One page of jobs, newest first.</summary>
/// <param name="Jobs">The jobs, without their requests.</param>
/// <param name="NextCursor">The cursor of the next page, or null on the last page.</param>
public sealed record JobPage(IReadOnlyList<BananaJob> Jobs, string? NextCursor)
{
    /// <summary>
    /// Whether the service reports that there are no older jobs. A page without a cursor is the last one, whether or not the service reports it.
    /// </summary>
    public bool IsLast { get; init; }
}
