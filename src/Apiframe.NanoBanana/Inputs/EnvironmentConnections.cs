using System.Collections.Generic;
using System.Management.Automation.Host;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>Connections to the service that the environment names, one for each key: what is known of its limits is kept for all jobs of an account.</summary>
internal sealed class EnvironmentConnections
{
    private readonly Dictionary<string, ApiframeConnection> _byKey = [];

    /// <summary>The connection of a key.</summary>
    /// <exception cref="ApiframeException">The key or the base URI cannot be right.</exception>
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
