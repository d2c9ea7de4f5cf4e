using System;
using System.Globalization;
using System.Management.Automation.Host;
using System.Runtime.InteropServices;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana;

/// <summary>The environment variables with the address of the service, the API key, and the lifetime of idempotency keys.</summary>
/// <param name="BaseUrl">APIFRAME_BASE_URL, or null.</param>
/// <param name="ApiKey">APIFRAME_API_KEY, or null.</param>
/// <param name="IdempotencyKeyLifetimeSec">APIFRAME_IDEMPOTENCY_KEY_LIFETIME_SEC, or null. An emulator sets it if its key lifetime is shorter than that of the
/// service.</param>
internal sealed record ServiceEnvironment(string? BaseUrl, string? ApiKey, string? IdempotencyKeyLifetimeSec)
{
    private const string BaseUrlName = "APIFRAME_BASE_URL";
    private const string ApiKeyName = "APIFRAME_API_KEY";
    private const string KeyLifetimeName = "APIFRAME_IDEMPOTENCY_KEY_LIFETIME_SEC";

    public static ServiceEnvironment Current => new(
        Environment.GetEnvironmentVariable(BaseUrlName), Environment.GetEnvironmentVariable(ApiKeyName), Environment.GetEnvironmentVariable(KeyLifetimeName));

    /// <summary>The address of the service, or null if the variable is not a URL.</summary>
    public Uri? Address => string.IsNullOrWhiteSpace(BaseUrl) ? ApiframeConnectionOptions.DefaultBaseUri : Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? uri) ? uri : null;

    /// <summary>The time for which the service knows an idempotency key. It is the documented 24 hours, unless the variable is lower.</summary>
    public TimeSpan IdempotencyKeyLifetime =>
        double.TryParse(IdempotencyKeyLifetimeSec, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
        && seconds >= 0 && seconds < BananaJournal.DefaultKeyLifetime.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : BananaJournal.DefaultKeyLifetime;

    /// <summary>Sets the variables for this process. Null removes a variable.</summary>
    public void Apply()
    {
        Environment.SetEnvironmentVariable(BaseUrlName, BaseUrl);
        Environment.SetEnvironmentVariable(ApiKeyName, ApiKey);
        Environment.SetEnvironmentVariable(KeyLifetimeName, IdempotencyKeyLifetimeSec);
    }

    /// <summary>Returns the options of a connection to the service with the key.</summary>
    /// <param name="host">The PowerShell host, whose version is sent to the service.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidBaseUri"/>: the address is not a URL.</exception>
    public ApiframeConnectionOptions ConnectionOptions(PSHost host) => new()
    {
        ApiKey = ApiKey,
        BaseUri = Address
            ?? throw new ApiframeException(ApiframeErrorKind.InvalidBaseUri, $"The service address '{ShownText.Address(BaseUrl!)}' is not an absolute http or https URL. Use an address such as {ApiframeConnectionOptions.DefaultBaseUri}."),
        UserAgent = $"Apiframe.NanoBanana/{GetType().Assembly.GetName().Version!.ToString(3)} PowerShell/{host.Version.ToString(2)} ({RuntimeInformation.OSArchitecture})",
    };

    /// <summary>Returns the address, and never the key.</summary>
    public override string ToString() => BaseUrl is null ? "(the service's own address)" : ShownText.Address(BaseUrl);
}
