namespace Apiframe.Client;

/// <summary>The account that a key belongs to and its credits: the response of <c>GET /v2/me</c>. Immutable: asking again gives a new object.</summary>
/// <remarks>Every property is null if the service does not say, or says it in a way that cannot be read.</remarks>
public sealed class BananaAccount
{
    /// <summary>The team's balance in credits, as <see cref="BananaJob.CreditCost"/> counts them; null for a user without a team.</summary>
    public decimal? Credits { get; init; }

    /// <summary>The team's plan in the service's words, for example <c>pro</c>.</summary>
    public string? Plan { get; init; }

    /// <summary>How many jobs the team may have under way at once. Only a part of the service's descriptions names it.</summary>
    public int? MaxConcurrentJobs { get; init; }

    /// <summary>The team's name.</summary>
    public string? TeamName { get; init; }

    /// <summary>The team's id, a UUID.</summary>
    public string? TeamId { get; init; }

    /// <summary>The address of the user who made the key.</summary>
    public string? UserEmail { get; init; }

    /// <summary><c>OWNER</c>, <c>ADMIN</c>, <c>MEMBER</c> or a newer one; the jobs of the whole team are for admins.</summary>
    public string? UserRole { get; init; }

    /// <summary>The user's id, a UUID.</summary>
    public string? UserId { get; init; }

    /// <summary>The name that the key was given.</summary>
    public string? ApiKeyName { get; init; }

    /// <summary>How the key begins, for example <c>afk_1a2b</c>: enough to tell keys apart, and never the whole key.</summary>
    public string? ApiKeyPrefix { get; init; }

    /// <summary>The team, else the user.</summary>
    public override string ToString() => TeamName ?? UserEmail ?? string.Empty;
}
