using System;

namespace Simulation.Machine;

/// <summary>Every choice of a history, from its seed. The same on every machine and every version of .NET, which System.Random does not promise.</summary>
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

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 to below <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(NextBits() % (uint)count);

    /// <summary>From the first to the last, both included.</summary>
    public int Between(int first, int last) => first + Next(last - first + 1);

    /// <summary>True as often as the share says.</summary>
    public bool Is(double share) => NextDouble() < share;

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    /// <summary>A time between two, on a logarithmic scale: short ones are as likely as long ones.</summary>
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
