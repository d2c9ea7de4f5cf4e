using System;
using System.Net;
using System.Net.Http;
using System.Runtime.InteropServices;
using System.Threading;

namespace Apiframe.Client.Connection;

/// <summary>
/// The process's sockets. A script calls a cmdlet in a loop; a client of its own for each call would leave a thousand sockets behind.
/// What differs between connections (key, user agent, timeout) is set on each request, so sharing is invisible.
/// </summary>
internal static class SharedHttpClients
{
    private static readonly Lazy<HttpClient> ApiClient = new(() => ForApi(_ => { }));
    private static readonly Lazy<HttpClient> DownloadClient = new(() => ForDownloads(_ => { }));

    /// <summary>For the service.</summary>
    public static HttpClient Api => ApiClient.Value;

    /// <summary>For image hosts.</summary>
    public static HttpClient Downloads => DownloadClient.Value;

    /// <summary>The two clients for these options: the shared ones, or a pair of its own for a connection with a proxy of its own.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the proxy cannot be one.</exception>
    public static (HttpClient Api, HttpClient Downloads) For(ApiframeConnectionOptions options)
    {
        if (options.Proxy is null && !options.NoProxy)
        {
            return options.ProxyCredential is null ? (Api, Downloads) : throw ApiframeException.NotSent("ProxyCredential is specified without Proxy. Specify the address of the proxy as Proxy.");
        }

        if (options.Proxy is not null && options.NoProxy)
        {
            throw ApiframeException.NotSent("Proxy and NoProxy are both specified. Specify only one of them.");
        }

        if (options.Proxy is { } uri && (WebUrl.Parse(uri.OriginalString) is null || uri.UserInfo.Length > 0))
        {
            throw ApiframeException.NotSent("The proxy is not an absolute http or https URL, or it contains a user name. Use a URL such as http://proxy.example.net:8080, and specify the user as ProxyCredential.");
        }

        void SetProxy(HttpClientHandler handler)
        {
            handler.UseProxy = !options.NoProxy;
            // Not bypassed for this machine: who names a proxy means it.
            handler.Proxy = options.Proxy is null ? null : new WebProxy(options.Proxy, BypassOnLocal: false) { Credentials = options.ProxyCredential };
        }

        return (ForApi(SetProxy), ForDownloads(SetProxy));
    }

    /// <summary>Follows no redirect: a redirect would take the key to another host.</summary>
    private static HttpClient ForApi(Action<HttpClientHandler> setProxy) =>
        Create(new HttpClientHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate }, setProxy);

    /// <summary>Follows no redirect by itself: where one leads to is checked before it is followed.</summary>
    private static HttpClient ForDownloads(Action<HttpClientHandler> setProxy) => Create(new HttpClientHandler { AllowAutoRedirect = false }, setProxy);

    private static HttpClient Create(HttpClientHandler handler, Action<HttpClientHandler> setProxy)
    {
        if (RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal))
        {
            // Windows PowerShell 5.1 may start without TLS 1.2; adding the bit leaves the other modules' choice alone.
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        handler.MaxConnectionsPerServer = 256;
        handler.UseCookies = false;
        setProxy(handler);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
