using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Transport;

/// <summary>A request as the core means it; the transport makes a fresh message of it for each attempt.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Relative to the base URI, with the query.</param>
/// <param name="IdempotencyKey">The key under which a POST may be repeated, or null.</param>
/// <param name="UploadPath">A file to send instead of a body, or null.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string? IdempotencyKey = null, string? UploadPath = null)
{
    /// <summary>Whether the key goes along. False for what is public: a key that is not needed stays at home, and none is asked for.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Whether a success answer tells the beginning of a key, and is meant to.</summary>
    public bool TellsKeyPrefix { get; init; }

    /// <summary>Whether sending it twice does no harm. A repeated upload leaves a second file, which the service deletes by itself.</summary>
    public bool IsRepeatable => Method == HttpMethod.Get || IdempotencyKey is not null || UploadPath is not null;

    /// <summary>Makes the body of an attempt, in UTF-8; null if there is none.</summary>
    public Func<CancellationToken, Task<byte[]>>? Json { get; init; }

    /// <summary>What is known of the result of it.</summary>
    public RequestOutcome Outcome { get; init; } = new();

    /// <summary>The body, fresh for each attempt; null if there is none.</summary>
    public async Task<HttpContent?> ContentAsync(CancellationToken cancellationToken)
    {
        if (UploadPath is not null)
        {
            var file = new StreamContent(LocalReference.Open(UploadPath));
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            // The name is nobody's business: the service goes by the leading bytes.
            return new MultipartFormDataContent { { file, "file", "file" } };
        }

        if (Json is null)
        {
            return null;
        }

        var json = new ByteArrayContent(await Json(cancellationToken).ConfigureAwait(false));
        json.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        return json;
    }

    /// <summary>The path for a log: the query may hold what is nobody's business.</summary>
    public string LoggedPath => "/" + (Path.IndexOf('?') is var mark and >= 0 ? Path.Substring(0, mark) : Path);
}
