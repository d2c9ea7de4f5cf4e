using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Emulator.Faults;

/// <summary>Counts faults as they are played.</summary>
internal sealed class FaultTally
{
    private readonly ConcurrentDictionary<string, long> _played = new(StringComparer.Ordinal);

    public void Played(string name) => _played.AddOrUpdate(name, 1, (_, count) => count + 1);

    /// <summary>In the order of <see cref="EmulatorFaults.Names"/>, without those that were not played.</summary>
    public IReadOnlyDictionary<string, long> Snapshot()
    {
        var counts = _played.ToArray().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var ordered = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in EmulatorFaults.Names.Where(counts.ContainsKey))
        {
            ordered.Add(name, counts[name]);
        }

        return new ReadOnlyDictionary<string, long>(ordered);
    }
}
