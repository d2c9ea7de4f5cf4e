using System;
using System.Net;
using System.Net.Http;
using System.Runtime.InteropServices;
using System.Threading;

namespace Apiframe.Client.Connection;

/// <summary>
/// The HTTP clients of the process. Scripts call cmdlets in loops, and a client for each call would leave its sockets open. The values that differ between
/// connections (key, user agent, timeout) are set on each request, so connections can share the clients.
/// </summary>
internal static class SharedHttpClients
{
    private static readonly Lazy<HttpClient> ApiClient = new(() => ForApi(_ => { }));
    private static readonly Lazy<HttpClient> DownloadClient = new(() => ForDownloads(_ => { }));

    public static HttpClient Api => ApiClient.Value;

    public static HttpClient Downloads => DownloadClient.Value;

    /// <summary>Returns the two clients for these options. A connection with its own proxy settings gets its own pair.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the proxy settings are not valid.</exception>
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
            // A specified proxy is also used for addresses of this computer.
            handler.Proxy = options.Proxy is null ? null : new WebProxy(options.Proxy, BypassOnLocal: false) { Credentials = options.ProxyCredential };
        }

        return (ForApi(SetProxy), ForDownloads(SetProxy));
    }

    /// <summary>Creates a client that follows no redirects, because a redirect would send the key to another host.</summary>
    private static HttpClient ForApi(Action<HttpClientHandler> setProxy) =>
        Create(new HttpClientHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate }, setProxy);

    /// <summary>Creates a client that follows no redirects. The code that downloads checks the address of a redirect before it follows it.</summary>
    private static HttpClient ForDownloads(Action<HttpClientHandler> setProxy) => Create(new HttpClientHandler { AllowAutoRedirect = false }, setProxy);

    private static HttpClient Create(HttpClientHandler handler, Action<HttpClientHandler> setProxy)
    {
        if (RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal))
        {
            // Windows PowerShell 5.1 can start without TLS 1.2. Adding the flag keeps the settings of other modules.
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        handler.MaxConnectionsPerServer = 256;
        handler.UseCookies = false;
        setProxy(handler);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
