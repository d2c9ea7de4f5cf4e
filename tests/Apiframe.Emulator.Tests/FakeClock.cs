using System;

namespace Apiframe.Emulator.Tests;

/// <summary>A clock that moves only when the test advances it.</summary>
internal sealed class FakeClock
{
    public DateTimeOffset Now { get; private set; } = new(2026, 11, 20, 9, 14, 2, 117, TimeSpan.Zero);

    /// <summary>Advances the clock. The time is rounded to milliseconds so that a sum of steps has no rounding error.</summary>
    public void Advance(double seconds) => Now += TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
}
