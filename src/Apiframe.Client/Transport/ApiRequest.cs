using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Transport;

/// <summary>A request of the client. The transport creates a new message from it for each attempt.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path relative to the base URI, with the query.</param>
/// <param name="IdempotencyKey">The key under which a POST can be repeated, or null.</param>
/// <param name="UploadPath">The path of a file that is sent instead of a body, or null.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string? IdempotencyKey = null, string? UploadPath = null)
{
    /// <summary>Whether the key is sent. False for public endpoints, for which no key is required.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Whether a successful response contains the documented prefix of a key.</summary>
    public bool TellsKeyPrefix { get; init; }

    /// <summary>Whether the request can be repeated safely. A repeated upload creates a second file, which the service deletes.</summary>
    public bool IsRepeatable => Method == HttpMethod.Get || IdempotencyKey is not null || UploadPath is not null;

    /// <summary>Creates the body of an attempt in UTF-8. Null for a request without a body.</summary>
    public Func<CancellationToken, Task<byte[]>>? Json { get; init; }

    /// <summary>What is known about the outcome of the attempts.</summary>
    public RequestOutcome Outcome { get; init; } = new();

    /// <summary>Creates the content of an attempt, or returns null if there is none.</summary>
    public async Task<HttpContent?> ContentAsync(CancellationToken cancellationToken)
    {
        if (UploadPath is not null)
        {
            var file = new StreamContent(LocalReference.Open(UploadPath));
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            // The name of the local file is not sent, because the service identifies the format by the first bytes.
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

    /// <summary>The path without its query, which can contain private data, for a log.</summary>
    public string LoggedPath => "/" + (Path.IndexOf('?') is var mark and >= 0 ? Path.Substring(0, mark) : Path);
}
