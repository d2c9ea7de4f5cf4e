using System;
using System.Collections.Concurrent;
using Apiframe.Client.Connection;

namespace Apiframe.Client.Save;

/// <summary>A gate for each image host: a host that asks one download to wait means all that come from here, whatever account or cmdlet they are for.</summary>
internal sealed class HostGates
{
    private readonly ConcurrentDictionary<string, RateGate> _gates = new(StringComparer.OrdinalIgnoreCase);
    private readonly Clock _clock;

    public HostGates(Clock clock) => _clock = clock;

    /// <summary>Those on the machine's clock.</summary>
    public static HostGates OfThisProcess { get; } = new(Clock.System);

    /// <summary>The gate of an address's host and port.</summary>
    public RateGate For(Uri url) => _gates.GetOrAdd(url.Authority, _ => new RateGate(_clock));
}
