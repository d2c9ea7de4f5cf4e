namespace Apiframe.Client;

/// <summary>Which jobs <c>GET /v2/jobs</c> returns. Filters that are null do not apply.</summary>
public sealed class JobFilter
{
    /// <summary>Only jobs in this status.</summary>
    public string? Status { get; init; }

    /// <summary>Only jobs of this model.</summary>
    public string? Model { get; init; }

    /// <summary>The whole team's jobs, for its admins; else the caller's own.</summary>
    public bool Team { get; init; }
}
