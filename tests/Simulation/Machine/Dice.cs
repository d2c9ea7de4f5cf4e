using System;

namespace Simulation.Machine;

/// <summary>
/// The random choices of a history, from its seed. They are the same on every machine and every version of .NET, which System.Random does not guarantee.
/// </summary>
internal sealed class Dice
{
    private ulong _state;

    public Dice(ulong seed) => _state = seed;

    /// <summary>The next 64 bits (SplitMix64).</summary>
    public ulong NextBits()
    {
        ulong bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>A uniform number from 0 (inclusive) to 1 (exclusive).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 to <paramref name="count"/> (exclusive).</summary>
    public int Next(int count) => (int)(NextBits() % (uint)count);

    /// <summary>A number from the first to the last, inclusive.</summary>
    public int Between(int first, int last) => first + Next(last - first + 1);

    /// <summary>True with the specified probability.</summary>
    public bool Is(double share) => NextDouble() < share;

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    /// <summary>A time between two times on a logarithmic scale, so that short times are as likely as long times.</summary>
    public TimeSpan Time(TimeSpan shortest, TimeSpan longest) =>
        TimeSpan.FromMilliseconds(Math.Round(shortest.TotalMilliseconds * Math.Exp(NextDouble() * Math.Log(longest / shortest))));

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, NextBits());
        BitConverter.TryWriteBytes(bytes[8..], NextBits());
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes);
    }
}
