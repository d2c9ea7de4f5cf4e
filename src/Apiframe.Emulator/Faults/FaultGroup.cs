using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator.Faults;

/// <summary>Faults of which at most one is played at a time.</summary>
internal abstract class FaultGroup
{
    protected FaultGroup(string title, IReadOnlyList<string> names)
    {
        Title = title;
        Names = names;
    }

    /// <summary>What they are faults of.</summary>
    public string Title { get; }

    /// <summary>In the order in which they are drawn.</summary>
    public IReadOnlyList<string> Names { get; }
}

/// <inheritdoc/>
internal sealed class FaultGroup<TFault> : FaultGroup
    where TFault : class
{
    private readonly byte _stream;
    private readonly (string Name, Func<FaultContext, TFault> Make)[] _faults;

    public FaultGroup(string title, byte stream, params (string Name, Func<FaultContext, TFault> Make)[] faults)
        : base(title, [.. faults.Select(fault => fault.Name)])
    {
        _stream = stream;
        _faults = faults;
    }

    public FaultDice<TFault> Dice(IReadOnlyDictionary<string, double> rates, int seed, FaultContext context) => new(
        seed,
        _stream,
        _faults
            .Where(fault => rates.TryGetValue(fault.Name, out var rate) && rate > 0)
            .Select(fault => (fault.Name, fault.Make(context), rates[fault.Name])));
}
