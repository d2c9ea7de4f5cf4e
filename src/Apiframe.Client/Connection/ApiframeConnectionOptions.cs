using System;
using System.Net;

namespace Apiframe.Client;

/// <summary>The options of a connection. Every option except the key has a default.</summary>
public sealed record ApiframeConnectionOptions
{
    /// <summary>The address of the Apiframe service in the API's OpenAPI description.</summary>
    public static Uri DefaultBaseUri { get; } = new("https://api.apiframe.ai");

    /// <summary>
    /// The API key (<c>afk_...</c>). It is sent only to <see cref="BaseUri"/> and never shown. Without a key, only downloads and the list of models work.
    /// </summary>
    public string? ApiKey { get; init; }

    /// <summary>The address that the <c>/v2/</c> paths are relative to. The default is <see cref="DefaultBaseUri"/>.</summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>
    /// Whether HTTP is allowed for other computers than this one, where everyone on the network path can read the key. The default is false. It is meant for a
    /// gateway in a private network.
    /// </summary>
    public bool AllowUnencryptedAuthentication { get; init; }

    /// <summary>The user agent: product and version. .NET sends none by default, and gateways reject requests without one.</summary>
    public string UserAgent { get; init; } = "Apiframe.Client/" + typeof(ApiframeConnectionOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>The time after which a request counts as lost. The default is 60 seconds, as in the vendor's own client.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of retries after a lost connection, a timeout, or a 5xx. The default is 5. Waiting for the rate limit does not count.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>
    /// The time for which a failed download is retried, from its first attempt. The default is 5 minutes. The image is paid for, so the time is limited and not
    /// the number of attempts. An attempt that receives data is never interrupted. If an image is not at its address, the download can fail earlier.
    /// </summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The maximum time that a single <c>Retry-After</c> of the service or of an image host is respected. It must be more than zero. The default is 2 minutes.
    /// After this time, the request is repeated even if the requested time is longer. The total time for the request or the download still applies.
    /// </summary>
    public TimeSpan MaximumRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The proxy for the service and for image hosts, or null for the proxy of the system (on .NET, also <c>HTTPS_PROXY</c>).</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The credential for <see cref="Proxy"/>, or null for none.</summary>
    public NetworkCredential? ProxyCredential { get; init; }

    /// <summary>Whether no proxy is used, regardless of the settings of the system. The default is false.</summary>
    public bool NoProxy { get; init; }

    /// <summary>The maximum time that one request waits for the rate limit. The default is 10 minutes.</summary>
    public TimeSpan RateLimitTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Returns the address, and never the key.</summary>
    public override string ToString() => ShownText.Address(BaseUri.OriginalString);
}
