using System;
using System.Linq;
using Apiframe.Client.Connection;
using Apiframe.Client.Retry;
using Apiframe.Client.Save;
using Apiframe.Client.Wait;

namespace Apiframe.Client;

/// <summary>The address of the service, the API key, timeouts, and retry limits. Immutable and safe to use from several threads.</summary>
public sealed class ApiframeConnection
{
    /// <summary>Checks the options and creates a connection. No request is sent.</summary>
    /// <exception cref="ApiframeException">The key, the base URI, or another option is not valid. The message contains the reason.</exception>
    public ApiframeConnection(ApiframeConnectionOptions options)
        : this(options, new Session(SharedHttpClients.For(options), Clock.System, JobDurations.OfThisProcess, HostGates.OfThisProcess))
    {
    }

    internal ApiframeConnection(ApiframeConnectionOptions options, Session session)
    {
        Session = session;
        ApiKey = CheckedKey(options.ApiKey);
        Secrets = new SecretMask(ApiKey);
        BaseUri = CheckedBaseUri(options.BaseUri, options.AllowUnencryptedAuthentication);
        UserAgent = CheckedUserAgent(options.UserAgent);
        RequestTimeout = options.RequestTimeout;
        DownloadTimeout = options.DownloadTimeout;
        Proxy = options.Proxy;
        RetryPolicy = new RetryPolicy(options.MaximumRetryCount, options.RateLimitTimeout, options.MaximumRetryAfter, session.NextRandom);
    }

    /// <summary>The address that the <c>/v2/</c> paths are relative to.</summary>
    public Uri BaseUri { get; }

    /// <summary>The user agent that is sent with each request.</summary>
    public string UserAgent { get; }

    /// <summary>The timeout of one request.</summary>
    public TimeSpan RequestTimeout { get; }

    /// <summary>The time for which a failed download is retried.</summary>
    public TimeSpan DownloadTimeout { get; }

    /// <summary>The specified proxy, or null for the proxy of the system or none.</summary>
    public Uri? Proxy { get; }

    /// <summary>The number of retries after a lost connection, a timeout, or a 5xx.</summary>
    public int MaximumRetryCount => RetryPolicy.MaximumRetryCount;

    /// <summary>The maximum time that a single <c>Retry-After</c> of the service or of an image host is respected.</summary>
    public TimeSpan MaximumRetryAfter => RetryPolicy.MaximumRetryAfter;

    /// <summary>The API key, or null for a connection that only downloads images and lists models.</summary>
    internal string? ApiKey { get; }

    /// <summary>Removes the key from text that comes from other programs.</summary>
    internal SecretMask Secrets { get; }

    internal RetryPolicy RetryPolicy { get; }

    /// <summary>The state that the calls of this connection share.</summary>
    internal Session Session { get; }

    /// <summary>Returns the address, and never the key.</summary>
    public override string ToString() => BaseUri.ToString();

    private static string? CheckedKey(string? key)
    {
        string trimmed = (key ?? string.Empty).Trim();

        // The key is sent unchanged in a header. Without this check, .NET would reject it later, with an exception that quotes the header.
        return trimmed.All(c => c is > ' ' and <= '~')
            ? trimmed.Length == 0 ? null : trimmed
            : throw ApiframeException.NotSent(
                "The API key contains a space, a line break, or a non-ASCII character. It was probably truncated or copied with surrounding text.", ApiframeErrorKind.Authentication);
    }

    private static string CheckedUserAgent(string userAgent) => userAgent.Length > 0 && userAgent.All(c => c is >= ' ' and <= '~')
        ? userAgent
        : throw ApiframeException.NotSent("The user agent is empty or contains a character that is not allowed in an HTTP header. Use printable ASCII characters only.");

    private static ApiframeException InvalidBaseUri(string message) => new(ApiframeErrorKind.InvalidBaseUri, message);

    private static Uri CheckedBaseUri(Uri uri, bool allowUnencrypted)
    {
        if (!uri.IsAbsoluteUri || WebUrl.Parse(uri.OriginalString) is null)
        {
            throw InvalidBaseUri($"The service address '{ShownText.Address(uri.OriginalString)}' is not an absolute http or https URL. Use an address such as {ApiframeConnectionOptions.DefaultBaseUri}.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw InvalidBaseUri($"The service address on host '{uri.Host}' contains a user name, a query, or a fragment. Specify only the scheme, host, port, and path.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !allowUnencrypted)
        {
            throw InvalidBaseUri(
                $"With the service address '{uri}', the API key would be sent unencrypted over the network. Use https. "
                + "To use plain http with another computer, specify AllowUnencryptedAuthentication.");
        }

        return new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }
}
