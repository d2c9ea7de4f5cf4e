namespace Apiframe.Client;

/// <summary>The filter for <c>GET /v2/jobs</c>. A property that is null does not apply.</summary>
public sealed class JobFilter
{
    /// <summary>The status of the jobs.</summary>
    public string? Status { get; init; }

    /// <summary>The model of the jobs.</summary>
    public string? Model { get; init; }

    /// <summary>Whether the jobs of the whole team are listed, which only its administrators can do. The default is the jobs of the user.</summary>
    public bool Team { get; init; }
}
