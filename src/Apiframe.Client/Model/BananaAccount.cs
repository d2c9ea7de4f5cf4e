namespace Apiframe.Client;

/// <summary>The account of a key, from the response of <c>GET /v2/me</c>. Immutable: another request returns a new object.</summary>
/// <remarks>A property is null if the response does not contain it or it cannot be read.</remarks>
public sealed class BananaAccount
{
    /// <summary>The balance of the team in credits, the unit of <see cref="BananaJob.CreditCost"/>. Null for a user without a team.</summary>
    public decimal? Credits { get; init; }

    /// <summary>The plan of the team, as the service spells it, for example <c>pro</c>.</summary>
    public string? Plan { get; init; }

    /// <summary>The maximum number of concurrent jobs of the team. Not all published descriptions of the API contain it.</summary>
    public int? MaxConcurrentJobs { get; init; }

    /// <summary>The name of the team.</summary>
    public string? TeamName { get; init; }

    /// <summary>The ID of the team, a UUID.</summary>
    public string? TeamId { get; init; }

    /// <summary>The email address of the user who created the key.</summary>
    public string? UserEmail { get; init; }

    /// <summary><c>OWNER</c>, <c>ADMIN</c>, <c>MEMBER</c>, or a newer role. Only administrators can list the jobs of the whole team.</summary>
    public string? UserRole { get; init; }

    /// <summary>The ID of the user, a UUID.</summary>
    public string? UserId { get; init; }

    /// <summary>The name of the key.</summary>
    public string? ApiKeyName { get; init; }

    /// <summary>The beginning of the key, for example <c>afk_1a2b</c>, which distinguishes keys. Never the complete key.</summary>
    public string? ApiKeyPrefix { get; init; }

    /// <summary>Returns the name of the team, or else the email address of the user.</summary>
    public override string ToString() => TeamName ?? UserEmail ?? string.Empty;
}
