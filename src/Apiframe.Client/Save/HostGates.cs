using System;
using System.Collections.Concurrent;
using Apiframe.Client.Connection;

namespace Apiframe.Client.Save;

/// <summary>A gate for each image host. A wait that a host requests applies to all downloads of the process, for any account and cmdlet.</summary>
internal sealed class HostGates
{
    private readonly ConcurrentDictionary<string, RateGate> _gates = new(StringComparer.OrdinalIgnoreCase);
    private readonly Clock _clock;

    public HostGates(Clock clock) => _clock = clock;

    /// <summary>The gates of this process, with the clock of the computer.</summary>
    public static HostGates OfThisProcess { get; } = new(Clock.System);

    /// <summary>Returns the gate for the host and port of an address.</summary>
    public RateGate For(Uri url) => _gates.GetOrAdd(url.Authority, _ => new RateGate(_clock));
}
