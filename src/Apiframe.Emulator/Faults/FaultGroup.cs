using System.Collections.Generic;
using System.Linq;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Faults of which at most one is played at a time.</summary>
/// <param name="title">What they are faults of.</param>
/// <param name="stream">Which random numbers they are drawn with.</param>
/// <param name="faults">In the order in which they are drawn.</param>
internal sealed class FaultGroup<TFault>(string title, byte stream, params (string Name, TFault Fault)[] faults)
{
    public string Title => title;

    public IReadOnlyList<string> Names { get; } = [.. faults.Select(fault => fault.Name)];

    /// <summary>Draws, for the nth request, download or job, whether a fault is played and which.</summary>
    /// <param name="rates">How often each fault is drawn; those without a rate are not.</param>
    /// <param name="seed">Where the random numbers start.</param>
    /// <param name="ordinal">The n.</param>
    /// <returns>The fault and the random numbers, which go on where the draw left off; null for no fault.</returns>
    public (string Name, TFault Fault, SeededRandom Random)? Draw(IReadOnlyDictionary<string, double> rates, int seed, long ordinal)
    {
        var random = new SeededRandom(SeededRandom.Combine(seed, ordinal, stream));
        var left = random.NextDouble();
        foreach (var (name, fault) in faults)
        {
            left -= rates.TryGetValue(name, out var rate) ? rate : 0;
            if (left < 0)
            {
                return (name, fault, random);
            }
        }

        return null;
    }
}
