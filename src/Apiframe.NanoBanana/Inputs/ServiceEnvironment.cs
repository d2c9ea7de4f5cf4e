using System;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>The environment variables that say where the service is and who is asking.</summary>
/// <param name="BaseUrl">APIFRAME_BASE_URL, or null.</param>
/// <param name="ApiKey">APIFRAME_API_KEY, or null.</param>
internal sealed record ServiceEnvironment(string? BaseUrl, string? ApiKey)
{
    private const string BaseUrlName = "APIFRAME_BASE_URL";
    private const string ApiKeyName = "APIFRAME_API_KEY";

    /// <summary>As they are now.</summary>
    public static ServiceEnvironment Current => new(Environment.GetEnvironmentVariable(BaseUrlName), Environment.GetEnvironmentVariable(ApiKeyName));

    /// <summary>Sets them for this process; null removes one.</summary>
    public void Apply()
    {
        Environment.SetEnvironmentVariable(BaseUrlName, BaseUrl);
        Environment.SetEnvironmentVariable(ApiKeyName, ApiKey);
    }

    /// <summary>How the module reaches the service that they name, under their key.</summary>
    /// <param name="host">What runs the module; the service is told its version.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidBaseUri"/>: the address is no URL.</exception>
    public ApiframeConnectionOptions ConnectionOptions(PSHost host) => new()
    {
        ApiKey = ApiKey,
        BaseUri = BaseUri(),
        UserAgent = $"Apiframe.NanoBanana/{GetType().Assembly.GetName().Version!.ToString(3)} PowerShell/{host.Version.ToString(2)} ({RuntimeInformation.OSArchitecture})",
    };

    /// <summary>Never the key.</summary>
    public override string ToString() => BaseUrl is null ? "(the service's own address)" : ShownText.Address(BaseUrl);

    private Uri BaseUri()
    {
        if (string.IsNullOrWhiteSpace(BaseUrl))
        {
            return ApiframeConnectionOptions.DefaultBaseUri;
        }

        return Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? uri)
            ? uri
            : throw new ApiframeException(ApiframeErrorKind.InvalidBaseUri, $"The base URI '{ShownText.Address(BaseUrl!)}' is not an absolute http or https URL.");
    }
}
