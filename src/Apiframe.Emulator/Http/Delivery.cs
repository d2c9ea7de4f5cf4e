using System;

namespace Apiframe.Emulator.Http;

/// <summary>How an answer goes out that goes out late, slowly, in part or not at all.</summary>
internal sealed class Delivery
{
    private Delivery()
    {
    }

    /// <summary>Time before the first byte.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>Time that the first bytes of the body take.</summary>
    public TimeSpan Trickle { get; private init; }

    /// <summary>How many bytes of the body go out before the connection ends; none for all, and the connection goes on.</summary>
    public int? CutAfter { get; private init; }

    /// <summary>Not even the head goes out, and the connection ends.</summary>
    public bool IsNothing { get; private init; }

    /// <summary>Whether the connection ends by a reset, not in good order.</summary>
    public bool Resets { get; private init; }

    public bool EndsConnection => IsNothing || CutAfter is not null;

    public static Delivery Nothing(bool reset) => new() { IsNothing = true, Resets = reset };

    public static Delivery Late(TimeSpan delay) => new() { Delay = delay };

    public static Delivery Slow(TimeSpan time) => new() { Trickle = time };

    public static Delivery Cut(int bytes, bool reset) => new() { CutAfter = bytes, Resets = reset };
}
