using System.Collections.Generic;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>Draws, for the nth request, download or job, whether a fault is played and which.</summary>
internal sealed class FaultDice<TFault>
    where TFault : class
{
    private readonly int _seed;
    private readonly byte _stream;
    private readonly List<(string Name, TFault Fault, double UpTo)> _faults = [];

    public FaultDice(int seed, byte stream, IEnumerable<(string Name, TFault Fault, double Rate)> faults)
    {
        _seed = seed;
        _stream = stream;
        var upTo = 0.0;
        foreach (var (name, fault, rate) in faults)
        {
            _faults.Add((name, fault, upTo += rate));
        }
    }

    public DrawnFault<TFault>? Draw(long ordinal)
    {
        if (_faults.Count == 0)
        {
            return null;
        }

        var random = new SeededRandom(SeededRandom.Combine(_seed, ordinal, _stream));
        var drawn = random.NextDouble();
        foreach (var (name, fault, upTo) in _faults)
        {
            if (drawn < upTo)
            {
                return new DrawnFault<TFault>(name, fault, random);
            }
        }

        return null;
    }
}
