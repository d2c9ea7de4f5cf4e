using System;
using System.Net;
using System.Net.Http;
using System.Runtime.InteropServices;
using System.Threading;

namespace Apiframe.Client.Http;

/// <summary>
/// The process's sockets. A script calls a cmdlet in a loop; a client of its own for each call would leave a thousand sockets behind.
/// What differs between connections (key, user agent, time-out) is set on each request, so sharing is invisible.
/// </summary>
internal static class SharedHttpClients
{
    private static readonly Lazy<HttpClient> ApiClient = new(() => Create(followRedirects: false));
    private static readonly Lazy<HttpClient> DownloadClient = new(() => Create(followRedirects: true));

    /// <summary>For the service. Follows no redirect: a redirect would take the key to another host.</summary>
    public static HttpClient Api => ApiClient.Value;

    /// <summary>For image hosts.</summary>
    public static HttpClient Downloads => DownloadClient.Value;

    private static HttpClient Create(bool followRedirects)
    {
        if (RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal))
        {
            // Windows PowerShell 5.1 may start without TLS 1.2; adding the bit leaves the other modules' choice alone.
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = followRedirects,
            AutomaticDecompression = followRedirects ? DecompressionMethods.None : DecompressionMethods.GZip | DecompressionMethods.Deflate,
            MaxConnectionsPerServer = 256,
            UseCookies = false,
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
