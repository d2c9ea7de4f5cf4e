using System;

namespace Apiframe.Emulator.Server;

/// <summary>How a response goes out that goes out late, slowly, in part or not at all.</summary>
/// <param name="Delay">Time before the first byte.</param>
/// <param name="Trickle">Time that the first bytes of the body take.</param>
/// <param name="CutAfter">How many bytes of the body go out before the connection ends; null for all, and the connection goes on.</param>
/// <param name="IsNothing">Not even the head goes out, and the connection ends.</param>
/// <param name="Resets">Whether the connection ends by a reset, not in good order.</param>
internal sealed record Disturbance(
    TimeSpan Delay = default, TimeSpan Trickle = default, int? CutAfter = null, bool IsNothing = false, bool Resets = false)
{
    public bool EndsConnection => IsNothing || CutAfter is not null;
}
