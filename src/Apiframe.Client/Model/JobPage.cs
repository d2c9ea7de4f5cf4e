using System.Collections.Generic;

namespace Apiframe.Client;

/// <summary>One page of jobs, newest first.</summary>
/// <param name="Jobs">The jobs; they do not carry the request they were made from.</param>
/// <param name="NextCursor">What to ask for the next page with; null on the last page.</param>
public sealed record JobPage(IReadOnlyList<BananaJob> Jobs, string? NextCursor)
{
    /// <summary>Whether the service says that there are no older jobs. A page without a cursor is the last one to ask for, whether or not it says so.</summary>
    public bool IsLast { get; init; }
}
