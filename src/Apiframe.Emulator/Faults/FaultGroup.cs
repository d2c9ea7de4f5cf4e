using System.Collections.Generic;
using System.Linq;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Faults of which at most one is played at a time.</summary>
/// <param name="title">What they are faults of.</param>
/// <param name="stream">Which random numbers they are drawn with.</param>
/// <param name="faults">In the order in which they are drawn.</param>
internal sealed class FaultGroup<TFault>(string title, byte stream, params (string Name, TFault Fault)[] faults)
    where TFault : class
{
    public string Title => title;

    public IReadOnlyList<string> Names { get; } = [.. faults.Select(fault => fault.Name)];

    /// <param name="rates">How often each fault is drawn; those without a rate are not.</param>
    /// <param name="seed">Where the random numbers start.</param>
    public FaultDraws<TFault> Draws(IReadOnlyDictionary<string, double> rates, int seed) =>
        new(faults.Where(fault => rates.ContainsKey(fault.Name)).Select(fault => (fault.Name, fault.Fault, rates[fault.Name])), seed, stream);
}

/// <summary>Draws, for the nth request, download or job, whether a fault is played and which.</summary>
internal sealed class FaultDraws<TFault>
    where TFault : class
{
    private readonly int _seed;
    private readonly byte _stream;
    private readonly List<(string Name, TFault Fault, double UpTo)> _faults = [];

    public FaultDraws(IEnumerable<(string Name, TFault Fault, double Rate)> faults, int seed, byte stream)
    {
        _seed = seed;
        _stream = stream;
        var upTo = 0.0;
        foreach (var (name, fault, rate) in faults)
        {
            _faults.Add((name, fault, upTo += rate));
        }
    }

    /// <returns>Null for no fault.</returns>
    public DrawnFault<TFault>? Draw(long ordinal)
    {
        var random = new SeededRandom(SeededRandom.Combine(_seed, ordinal, _stream));
        var drawn = random.NextDouble();
        var index = _faults.FindIndex(fault => drawn < fault.UpTo);
        return index < 0 ? null : new DrawnFault<TFault>(_faults[index].Name, _faults[index].Fault, random);
    }
}

/// <summary>A fault that is to be played.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Random">Goes on where the draw left off.</param>
internal sealed record DrawnFault<TFault>(string Name, TFault Fault, SeededRandom Random)
    where TFault : class;
