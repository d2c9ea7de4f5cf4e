using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>
/// Reads an account from the response to <c>GET /v2/me</c>. Any part can be null, and the OpenAPI description and the documentation have different fields.
/// </summary>
internal static class AccountReader
{
    public static BananaAccount Read(JsonElement json)
    {
        JsonElement user = json.Object("user") ?? default;
        JsonElement team = json.Object("team") ?? default;
        JsonElement key = json.Object("apiKey") ?? default;
        return new BananaAccount
        {
            Credits = CreditAmount.Balance(team.Number("credits")),
            Plan = team.Text("plan"),
            MaxConcurrentJobs = team.Number("maxConcurrentJobs") is { } jobs and >= 0 and <= int.MaxValue ? (int)jobs : null,
            TeamName = team.Text("name"),
            TeamId = team.Text("id"),
            UserEmail = user.Text("email"),
            UserRole = user.Text("role"),
            UserId = user.Text("id"),
            ApiKeyName = key.Text("name"),
            ApiKeyPrefix = key.Text("prefix"),
        };
    }

    /// <summary>
    /// Returns the problem with a response that must contain an account, or null. A response without any part of an account neither confirms the key nor
    /// contains a balance.
    /// </summary>
    public static string? RequireAccount(JsonElement json) =>
        (json.Object("user") ?? json.Object("team") ?? json.Object("apiKey")) is null ? "does not describe an account" : null;
}
