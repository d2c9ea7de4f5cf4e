using System;
using System.Globalization;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana;

/// <summary>The environment variables that say where the service is, who is asking, and how long the service recognizes idempotency keys.</summary>
/// <param name="BaseUrl">APIFRAME_BASE_URL, or null.</param>
/// <param name="ApiKey">APIFRAME_API_KEY, or null.</param>
/// <param name="IdempotencyKeyLifetimeSec">APIFRAME_IDEMPOTENCY_KEY_LIFETIME_SEC, or null. An emulator sets it if it forgets keys sooner than the service does.</param>
internal sealed record ServiceEnvironment(string? BaseUrl, string? ApiKey, string? IdempotencyKeyLifetimeSec)
{
    private const string BaseUrlName = "APIFRAME_BASE_URL";
    private const string ApiKeyName = "APIFRAME_API_KEY";
    private const string KeyLifetimeName = "APIFRAME_IDEMPOTENCY_KEY_LIFETIME_SEC";

    /// <summary>As they are now.</summary>
    public static ServiceEnvironment Current => new(
        Environment.GetEnvironmentVariable(BaseUrlName), Environment.GetEnvironmentVariable(ApiKeyName), Environment.GetEnvironmentVariable(KeyLifetimeName));

    /// <summary>Where the service is; null if the variable is not a URL.</summary>
    public Uri? Address => string.IsNullOrWhiteSpace(BaseUrl) ? ApiframeConnectionOptions.DefaultBaseUri : Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? uri) ? uri : null;

    /// <summary>How long the service recognizes an idempotency key: 24 hours, as it says, unless the variable says less.</summary>
    public TimeSpan IdempotencyKeyLifetime =>
        double.TryParse(IdempotencyKeyLifetimeSec, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
        && seconds >= 0 && seconds < BananaJournal.DefaultKeyLifetime.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : BananaJournal.DefaultKeyLifetime;

    /// <summary>Sets them for this process; null removes one.</summary>
    public void Apply()
    {
        Environment.SetEnvironmentVariable(BaseUrlName, BaseUrl);
        Environment.SetEnvironmentVariable(ApiKeyName, ApiKey);
        Environment.SetEnvironmentVariable(KeyLifetimeName, IdempotencyKeyLifetimeSec);
    }

    /// <summary>How the module reaches the service that they name, under their key.</summary>
    /// <param name="host">What runs the module; the service is told its version.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidBaseUri"/>: the address is not a URL.</exception>
    public ApiframeConnectionOptions ConnectionOptions(PSHost host) => new()
    {
        ApiKey = ApiKey,
        BaseUri = Address
            ?? throw new ApiframeException(ApiframeErrorKind.InvalidBaseUri, $"The base URI '{ShownText.Address(BaseUrl!)}' is not an absolute http or https URL. A valid base URI is, for example, {ApiframeConnectionOptions.DefaultBaseUri}."),
        UserAgent = $"Apiframe.NanoBanana/{GetType().Assembly.GetName().Version!.ToString(3)} PowerShell/{host.Version.ToString(2)} ({RuntimeInformation.OSArchitecture})",
    };

    /// <summary>Never the key.</summary>
    public override string ToString() => BaseUrl is null ? "(the service's own address)" : ShownText.Address(BaseUrl);
}
