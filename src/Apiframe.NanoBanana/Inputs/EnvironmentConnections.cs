using System.Collections.Generic;
using System.Management.Automation.Host;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>
/// The connections to the service in the environment variables, one for each key. All jobs of an account share a connection, and therefore what it has learned
/// about the rate limit.
/// </summary>
internal sealed class EnvironmentConnections
{
    private readonly Dictionary<string, ApiframeConnection> _byKey = [];

    /// <summary>Returns the connection of a key.</summary>
    /// <exception cref="ApiframeException">The key or the base URI is not valid.</exception>
    public ApiframeConnection For(string key, PSHost host, bool allowUnencryptedAuthentication)
    {
        if (!_byKey.TryGetValue(key, out ApiframeConnection? connection))
        {
            connection = new ApiframeConnection(
                ServiceEnvironment.Current.ConnectionOptions(host) with { ApiKey = key, AllowUnencryptedAuthentication = allowUnencryptedAuthentication });
            _byKey.Add(key, connection);
        }

        return connection;
    }
}
