using System.Collections.Generic;
using System.Linq;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>A group of faults, of which at most one occurs at a time.</summary>
/// <param name="title">What the faults affect, for error messages.</param>
/// <param name="stream">Selects the random numbers of the group.</param>
/// <param name="faults">The faults, in the order in which they are drawn.</param>
internal sealed class FaultGroup<TFault>(string title, byte stream, params (string Name, TFault Fault)[] faults)
{
    public string Title => title;

    public IReadOnlyList<string> Names { get; } = [.. faults.Select(fault => fault.Name)];

    /// <summary>Draws whether the nth request, download, or job has a fault, and which one.</summary>
    /// <param name="rates">The probability of each fault. Faults without a rate never occur.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="ordinal">The number n.</param>
    /// <returns>The fault and the generator of random numbers, which continues after the draw, or null for no fault.</returns>
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
