using System;
using System.Net;

namespace Apiframe.Client;

/// <summary>How to reach the service. Every value but the key has a default.</summary>
public sealed record ApiframeConnectionOptions
{
    /// <summary>The address of the Apiframe service, from the API's OpenAPI description.</summary>
    public static Uri DefaultBaseUri { get; } = new("https://api.apiframe.ai");

    /// <summary>The API key (<c>afk_...</c>). It is sent to <see cref="BaseUri"/> only and shown nowhere. Without one only downloads and the list of models work.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Where the <c>/v2/</c> paths begin; <see cref="DefaultBaseUri"/> if not given.</summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>
    /// Whether plain http may be used for other machines than this one, where everyone on the way can read the key. Not by default; for a gateway in a
    /// network of one's own.
    /// </summary>
    public bool AllowUnencryptedAuthentication { get; init; }

    /// <summary>What the client calls itself: product and version, because .NET sends nothing by itself and gateways refuse that.</summary>
    public string UserAgent { get; init; } = "Apiframe.Client/" + typeof(ApiframeConnectionOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>How long one request may take before it counts as lost; 60 s, as in the vendor's own client.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is repeated after a lost connection, a timeout or a 5xx; 5. Waiting out a 429 does not count.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>
    /// How long a download that fails is tried again, counted from its first attempt; 5 minutes. The image is paid for, so this is a matter of time and not of a
    /// number of attempts. An attempt that brings bytes is never cut short, and an image that is not at its address may be given up sooner.
    /// </summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The longest a single <c>Retry-After</c> of the service or of an image host is obeyed; 2 minutes, and more than zero. A longer one is cut to this, and the
    /// request is repeated then. The time that a request or a download has in all still counts.
    /// </summary>
    public TimeSpan MaximumRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The proxy to go through, for the service and for image hosts; null for the system's own (on .NET also <c>HTTPS_PROXY</c>).</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Who is asking, for <see cref="Proxy"/>; null for nobody.</summary>
    public NetworkCredential? ProxyCredential { get; init; }

    /// <summary>Whether to go through no proxy, whatever the system says.</summary>
    public bool NoProxy { get; init; }

    /// <summary>How long one request waits for 429 to pass; 10 minutes.</summary>
    public TimeSpan RateLimitTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The address; never the key.</summary>
    public override string ToString() => ShownText.Address(BaseUri.OriginalString);
}
