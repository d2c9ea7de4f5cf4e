using System;
using System.Management.Automation;
using System.Net;
using System.Security;
using Apiframe.Client;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Creates a connection for the -Connection parameter of the other cmdlets: an API key, an address, a proxy, and timeouts.</summary>
/// <remarks>No request is sent. Get-BananaAccount -Connection tests the connection. Several runspaces can use it at the same time.</remarks>
[Cmdlet(VerbsCommon.New, "BananaConnection")]
[OutputType(typeof(ApiframeConnection))]
public sealed class NewBananaConnectionCommand : PSCmdlet
{
    private static readonly ApiframeConnectionOptions Default = new();

    /// <summary>The API key (afk_...). The default is the environment variable APIFRAME_API_KEY.</summary>
    [Parameter(Position = 0)]
    [SecretTransformation]
    [AllowNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The address of the service. The default is the environment variable APIFRAME_BASE_URL, or else the public address of the service.</summary>
    [Parameter]
    public Uri? BaseUri { get; set; }

    /// <summary>The address of a proxy. By default, the settings of the system are used.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>The user and the password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Uses no proxy, regardless of the settings of the system.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>The timeout of a request in seconds. The default is 60.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = (int)Default.RequestTimeout.TotalSeconds;

    /// <summary>The number of retries after a lost connection, a timeout, or a 5xx. The default is 5.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = Default.MaximumRetryCount;

    /// <summary>The time in seconds for which a failed download is retried. The default is 300.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 86400)]
    public int DownloadTimeoutSec { get; set; } = (int)Default.DownloadTimeout.TotalSeconds;

    /// <summary>The maximum time in seconds that a single Retry-After is respected. The default is 120.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(1, 86400)]
    public int MaximumRetryAfterSec { get; set; } = (int)Default.MaximumRetryAfter.TotalSeconds;

    /// <summary>The user agent that is sent to the service.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserAgent { get; set; }

    /// <summary>Sends the key over HTTP to another computer, where everyone on the network path can read it.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            ServiceEnvironment environment = BaseUri is null ? ServiceEnvironment.Current : ServiceEnvironment.Current with { BaseUrl = BaseUri.OriginalString };
            ApiframeConnectionOptions options = environment.ConnectionOptions(Host);
            WriteObject(new ApiframeConnection(options with
            {
                ApiKey = ApiKey is null ? options.ApiKey : new NetworkCredential(string.Empty, ApiKey).Password,
                Proxy = Proxy,
                ProxyCredential = ProxyCredential?.GetNetworkCredential(),
                NoProxy = NoProxy,
                RequestTimeout = TimeSpan.FromSeconds(TimeoutSec),
                MaximumRetryCount = MaximumRetryCount,
                DownloadTimeout = TimeSpan.FromSeconds(DownloadTimeoutSec),
                MaximumRetryAfter = TimeSpan.FromSeconds(MaximumRetryAfterSec),
                UserAgent = UserAgent ?? options.UserAgent,
                AllowUnencryptedAuthentication = AllowUnencryptedAuthentication,
            }));
        }
        catch (ApiframeException e)
        {
            // The error is terminating, because a script cannot continue without the connection.
            string? address = BaseUri is null ? null : ShownText.Address(BaseUri.OriginalString);
            ThrowTerminatingError(
                address is not null && e.Kind == ApiframeErrorKind.InvalidBaseUri ? Errors.InvalidBaseUri(e, address) : Errors.From(e, address));
        }
    }
}
