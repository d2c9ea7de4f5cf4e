namespace Apiframe.Emulator.Service;

/// <summary>
/// A SplitMix64 generator. Unlike <see cref="System.Random"/>, it can be created quickly for each job. A job therefore depends only on its position in the
/// order of jobs, and not on the order in which threads draw numbers.
/// </summary>
internal sealed class SeededRandom
{
    private ulong _state;

    public SeededRandom(ulong seed) => _state = seed;

    /// <param name="seed">The seed of the emulator.</param>
    /// <param name="ordinal">The number of the item that is drawn for.</param>
    /// <param name="stream">The kind of item. The numbers of different kinds are independent.</param>
    public static ulong Combine(int seed, long ordinal, byte stream = 0) =>
        new SeededRandom((((ulong)(uint)seed) << 32) ^ stream ^ 0x6a09e667f3bcc909UL).NextBits() + (ulong)ordinal * 0xd1342543de82ef95UL;

    public ulong NextBits()
    {
        _state += 0x9e3779b97f4a7c15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }

    /// <summary>A uniform number from 0 (inclusive) to 1 (exclusive).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public double NextBetween(double least, double most) => least + NextDouble() * (most - least);
}
