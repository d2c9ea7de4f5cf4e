using System;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Transport;

namespace Apiframe.Client.Submit;

/// <summary>Compares the content of uploads by their addresses. Uploads are stored for hours, so the content may no longer exist.</summary>
/// <remarks>Each address is read once, with the client without a key.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
internal sealed class ReferenceContents
{
    /// <summary>A limit that is larger than any upload.</summary>
    private const int MaximumBytes = 32 * 1024 * 1024;

    private const int ReadSize = 64 * 1024;

    private readonly ConcurrentDictionary<string, Task<string?>> _hashes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(4);
    private readonly ApiframeConnection _connection;
    private readonly AddressGuard _guard;

    public ReferenceContents(ApiframeConnection connection)
    {
        _connection = connection;
        _guard = new AddressGuard(connection.Session.Resolve);
    }

    /// <summary>Returns whether two addresses have the same content, or null if one of them cannot be read.</summary>
    public async Task<bool?> AreSameAsync(string url, string other, CancellationToken cancellationToken)
    {
        string?[] hashes = await Task.WhenAll(HashAsync(url, cancellationToken), HashAsync(other, cancellationToken)).ConfigureAwait(false);
        return hashes[0] is null || hashes[1] is null ? null : hashes[0] == hashes[1];
    }

    private Task<string?> HashAsync(string url, CancellationToken cancellationToken) =>
        _hashes.AddOrUpdate(url, _ => ReadAsync(url, cancellationToken), (_, known) => known.IsCanceled ? ReadAsync(url, cancellationToken) : known);

    private async Task<string?> ReadAsync(string url, CancellationToken cancellationToken)
    {
        if (WebUrl.Parse(url) is not { } address)
        {
            return null;
        }

        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(_connection.RequestTimeout);
            await _guard.RequireAllowedAsync(address, _connection.BaseUri, timeout.Token).ConfigureAwait(false);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", _connection.UserAgent);
            HttpResponseMessage response =
                await _connection.Session.Downloads.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
            using var body = new ResponseBody(response, ReadSize);
            byte[]? bytes = response.IsSuccessStatusCode ? await body.ReadToEndAsync(MaximumBytes, timeout.Token).ConfigureAwait(false) : null;
            return bytes is null ? null : Sha256.Of(bytes);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // After any error, the content cannot be compared.
            return null;
        }
        finally
        {
            _places.Release();
        }
    }
}
