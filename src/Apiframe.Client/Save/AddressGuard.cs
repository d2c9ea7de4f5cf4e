using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Save;

/// <summary>
/// Prevents a service on the internet from making this computer download files of its own network, such as the credentials of a cloud machine.
/// </summary>
/// <remarks>
/// The connection resolves the host name again, so a name server that changes its response in between can bypass this check. If a proxy resolves names, only
/// numeric addresses are checked.
/// </remarks>
internal sealed class AddressGuard
{
    /// <summary>The prefix of an IPv4 address that is written as an IPv6 address.</summary>
    private static readonly byte[] Compatible = new byte[12];

    /// <summary>The prefix of an IPv4 address that NAT64 translates (RFC 6052).</summary>
    private static readonly byte[] Translated = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly ConcurrentDictionary<string, bool> _isPrivate = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="resolve">Resolves a host name, as <see cref="Dns.GetHostAddressesAsync(string)"/> does.</param>
    public AddressGuard(Func<string, Task<IPAddress[]>> resolve) => _resolve = resolve;

    /// <summary>
    /// Whether an address is reachable only from this computer or its network: loopback, private, shared, link-local, and unspecified addresses.
    /// </summary>
    public static bool IsPrivate(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return bytes[0] is 0 or 10 or 127
                || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64)
                || (bytes[0] == 169 && bytes[1] == 254)
                || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16)
                || (bytes[0] == 192 && bytes[1] == 168);
        }

        // The loopback and the unspecified address of IPv6 also have this form, as addresses in 0.0.0.0/8.
        bool endsInIPv4 = address.IsIPv4MappedToIPv6 || StartsWith(bytes, Compatible) || StartsWith(bytes, Translated);
        return endsInIPv4
            ? IsPrivate(new IPAddress(bytes.AsSpan(12).ToArray()))
            : (bytes[0] & 0xFE) == 0xFC || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal;
    }

    /// <summary>Throws an exception unless an image may be downloaded from an address.</summary>
    /// <param name="url">The address of an image or of a redirect.</param>
    /// <param name="origin">The origin of the address: the service or the user. An origin in a private network can refer to addresses in that network.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.ImageAddressRefused"/>.</exception>
    public async Task RequireAllowedAsync(Uri url, Uri origin, CancellationToken cancellationToken)
    {
        if (url.Host != origin.Host && await IsPrivateAsync(url, cancellationToken).ConfigureAwait(false)
            && !await IsPrivateAsync(origin, cancellationToken).ConfigureAwait(false))
        {
            throw new ApiframeException(
                ApiframeErrorKind.ImageAddressRefused,
                $"The address of the image points to {url.Host}, which is this computer or is in its private network. The image was not downloaded, because the address was returned by {origin.Host}, which is outside that network.");
        }
    }

    private static bool StartsWith(byte[] bytes, byte[] prefix) => bytes.AsSpan().StartsWith(prefix);

    private async Task<bool> IsPrivateAsync(Uri url, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(url.IdnHost, out IPAddress? literal))
        {
            return IsPrivate(literal);
        }

        if (!_isPrivate.TryGetValue(url.IdnHost, out bool isPrivate))
        {
            try
            {
                Task<IPAddress[]> lookup = _resolve(url.IdnHost);
                await Task.WhenAny(lookup, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                isPrivate = Array.Exists(await lookup.ConfigureAwait(false), IsPrivate);
                _isPrivate[url.IdnHost] = isPrivate;
            }
            catch (Exception e) when (e is SocketException or ArgumentException)
            {
                // The name is unknown here. A proxy may know it, and otherwise the request fails.
                return false;
            }
        }

        return isPrivate;
    }
}
