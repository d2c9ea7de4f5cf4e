using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>A fault that is to be played.</summary>
internal sealed class DrawnFault<TFault>
    where TFault : class
{
    public DrawnFault(string name, TFault fault, SeededRandom random)
    {
        Name = name;
        Fault = fault;
        Random = random;
    }

    public string Name { get; }

    public TFault Fault { get; }

    /// <summary>Goes on where the draw left off.</summary>
    public SeededRandom Random { get; }
}
