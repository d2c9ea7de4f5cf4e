using System;
using System.Linq;
using Apiframe.Client.Connection;
using Apiframe.Client.Retry;
using Apiframe.Client.Save;
using Apiframe.Client.Wait;

namespace Apiframe.Client;

/// <summary>Where and as whom: address, key, timeouts and retry numbers. Immutable and safe to share between threads.</summary>
public sealed class ApiframeConnection
{
    /// <summary>Checks the options and makes a connection; nothing is sent yet.</summary>
    /// <exception cref="ApiframeException">The key or the base URI cannot be right; the text says why.</exception>
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

    /// <summary>Where the <c>/v2/</c> paths begin.</summary>
    public Uri BaseUri { get; }

    /// <summary>What the client calls itself.</summary>
    public string UserAgent { get; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; }

    /// <summary>How long a download that fails is tried again.</summary>
    public TimeSpan DownloadTimeout { get; }

    /// <summary>The proxy that was asked for; null for the system's own or none.</summary>
    public Uri? Proxy { get; }

    /// <summary>How often a request is repeated after a lost connection, a timeout or a 5xx.</summary>
    public int MaximumRetryCount => RetryPolicy.MaximumRetryCount;

    /// <summary>The longest a single <c>Retry-After</c> of the service or of an image host is obeyed.</summary>
    public TimeSpan MaximumRetryAfter => RetryPolicy.MaximumRetryAfter;

    /// <summary>Null for a connection that only downloads and lists models.</summary>
    internal string? ApiKey { get; }

    /// <summary>Takes the key out of what comes from elsewhere.</summary>
    internal SecretMask Secrets { get; }

    internal RetryPolicy RetryPolicy { get; }

    /// <summary>What the calls of this connection share and learn.</summary>
    internal Session Session { get; }

    /// <summary>The address; never the key.</summary>
    public override string ToString() => BaseUri.ToString();

    private static string? CheckedKey(string? key)
    {
        string trimmed = (key ?? string.Empty).Trim();

        // The key goes into a header as it is; .NET's own refusal would come late and quote the header.
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
            throw InvalidBaseUri($"The base URI '{ShownText.Address(uri.OriginalString)}' is not an absolute http or https URL. A valid base URI is, for example, {ApiframeConnectionOptions.DefaultBaseUri}.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw InvalidBaseUri($"The base URI for host '{uri.Host}' contains a user name, a query, or a fragment. Specify only the scheme, host, port, and path.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !allowUnencrypted)
        {
            throw InvalidBaseUri(
                $"The base URI '{uri}' would send the API key unencrypted over the network. Use https. "
                + "To use plain http with another computer, specify AllowUnencryptedAuthentication.");
        }

        return new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }
}
