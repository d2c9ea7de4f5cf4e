using System.Net.Http;

namespace Apiframe.Client.Http;

/// <summary>A request as the core means it; the transport makes a fresh message of it for each attempt.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Relative to the base URI, with the query.</param>
/// <param name="Json">The body in UTF-8, or null.</param>
/// <param name="IdempotencyKey">The key under which a POST may be repeated, or null.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, byte[]? Json = null, string? IdempotencyKey = null)
{
    /// <summary>Whether the key goes along. False for what is public: a key that is not needed stays at home, and none is asked for.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Whether a success answer tells the beginning of a key, and is meant to.</summary>
    public bool TellsKeyPrefix { get; init; }

    /// <summary>Whether sending it twice can do no harm.</summary>
    public bool IsRepeatable => Method == HttpMethod.Get || IdempotencyKey is not null;

    /// <summary>The path for a log: the query may hold what is nobody's business.</summary>
    public string LoggedPath => "/" + (Path.IndexOf('?') is var mark and >= 0 ? Path.Substring(0, mark) : Path);
}
