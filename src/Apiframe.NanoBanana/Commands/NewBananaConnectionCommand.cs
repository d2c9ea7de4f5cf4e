using System;
using System.Management.Automation;
using System.Net;
using System.Security;
using Apiframe.Client;
using Apiframe.NanoBanana.Binding;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Describes where and as whom to work, to be given to the other cmdlets as -Connection.</summary>
/// <remarks>Nothing is sent; Get-BananaAccount -Connection tries one out. It may be shared by runspaces and used at the same time.</remarks>
[Cmdlet(VerbsCommon.New, "BananaConnection")]
[OutputType(typeof(ApiframeConnection))]
public sealed class NewBananaConnectionCommand : PSCmdlet
{
    private static readonly ApiframeConnectionOptions Default = new();

    /// <summary>The API key (afk_...). Without it, the key is taken from the environment variable APIFRAME_API_KEY.</summary>
    [Parameter(Position = 0)]
    [SecretTransformation]
    [AllowNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>Where the service is. The default is the environment variable APIFRAME_BASE_URL, else the service's own address.</summary>
    [Parameter]
    public Uri? BaseUri { get; set; }

    /// <summary>A proxy to go through. Without it, the system's own settings count.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>User and password for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Go through no proxy, whatever the system says.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>How many seconds one request may take. The default is 60.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = (int)Default.RequestTimeout.TotalSeconds;

    /// <summary>How often a request is repeated after a lost connection, a timeout or a 5xx. The default is 5.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = Default.MaximumRetryCount;

    /// <summary>For how many seconds a download that fails is tried again. The default is 300.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 86400)]
    public int DownloadTimeoutSec { get; set; } = (int)Default.DownloadTimeout.TotalSeconds;

    /// <summary>The longest time in seconds that a single Retry-After is obeyed. The default is 120.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(1, 86400)]
    public int MaximumRetryAfterSec { get; set; } = (int)Default.MaximumRetryAfter.TotalSeconds;

    /// <summary>What the module calls itself to the service.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserAgent { get; set; }

    /// <summary>Send the key over plain http to another machine too, where everyone on the way can read it.</summary>
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
            // Without a connection there is nothing that the rest of a script could do.
            string? address = BaseUri is null ? null : ShownText.Address(BaseUri.OriginalString);
            ThrowTerminatingError(
                address is not null && e.Kind == ApiframeErrorKind.InvalidBaseUri ? Errors.InvalidBaseUri(e, address) : Errors.From(e, address));
        }
    }
}
