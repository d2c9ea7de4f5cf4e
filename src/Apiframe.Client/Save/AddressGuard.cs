using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Save;

/// <summary>Keeps a service that is out on the internet from having files of this machine's own network fetched, such as a cloud machine's credentials.</summary>
/// <remarks>
/// The connection looks a host's name up once more, so a name server that changes its answer in between gets around this. Where a proxy looks names up,
/// only addresses in figures are seen.
/// </remarks>
internal sealed class AddressGuard
{
    /// <summary>What stands before an address of IPv4 that is written as one of IPv6.</summary>
    private static readonly byte[] Compatible = new byte[12];

    /// <summary>What stands before one that a NAT64 translates (RFC 6052).</summary>
    private static readonly byte[] Translated = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly ConcurrentDictionary<string, bool> _isPrivate = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="resolve">The addresses of a host name, as of <see cref="Dns.GetHostAddressesAsync(string)"/>.</param>
    public AddressGuard(Func<string, Task<IPAddress[]>> resolve) => _resolve = resolve;

    /// <summary>Whether only this machine or its own network can reach an address: loopback, private, shared, link-local and unspecified ones.</summary>
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

        // So do the loopback and the unspecified address, in one of 0.0.0.0/8.
        bool endsInIPv4 = address.IsIPv4MappedToIPv6 || StartsWith(bytes, Compatible) || StartsWith(bytes, Translated);
        return endsInIPv4
            ? IsPrivate(new IPAddress(bytes.AsSpan(12).ToArray()))
            : (bytes[0] & 0xFE) == 0xFC || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal;
    }

    /// <summary>Returns if an image may be fetched from an address.</summary>
    /// <param name="url">The address of an image, or where its host redirects to.</param>
    /// <param name="origin">Who names the address: the service, or the user. One in a private network may name others there.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.ImageAddressRefused"/>.</exception>
    public async Task RequireAllowedAsync(Uri url, Uri origin, CancellationToken cancellationToken)
    {
        if (url.Host != origin.Host && await IsPrivateAsync(url, cancellationToken).ConfigureAwait(false)
            && !await IsPrivateAsync(origin, cancellationToken).ConfigureAwait(false))
        {
            throw new ApiframeException(
                ApiframeErrorKind.ImageAddressRefused,
                $"The address of the image is on {url.Host}, which is this computer or part of its private network. The image was not downloaded, because {origin.Host} is outside of this network.");
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
                // A name that is not known here: a proxy may know it, and else the request fails by itself.
                return false;
            }
        }

        return isPrivate;
    }
}
