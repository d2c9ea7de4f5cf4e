using System;
using System.Linq;
using System.Threading;

namespace Simulation;

/// <summary>Plays many histories, on all processors.</summary>
internal static class Histories
{
    /// <summary>Plays the histories of seeds that follow each other.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="played">Called after each; null for nothing.</param>
    /// <returns>The least seed in whose history a promise was broken; null if there is none.</returns>
    public static long? FindBroken(long first, long count, Action? played = null)
    {
        long broken = long.MaxValue;
        long next = first - 1;
        Thread[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            // Threads of their own: the pool's are not to be held, and each history belongs to its thread.
            for (long seed = Interlocked.Increment(ref next); seed < first + count && seed < Interlocked.Read(ref broken); seed = Interlocked.Increment(ref next))
            {
                if (History.Play((ulong)seed).Finding is not null)
                {
                    long known = Interlocked.Read(ref broken);
                    while (seed < known && Interlocked.CompareExchange(ref broken, seed, known) != known)
                    {
                        known = Interlocked.Read(ref broken);
                    }
                }

                played?.Invoke();
            }
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return broken == long.MaxValue ? null : broken;
    }

    /// <summary>The history of a seed in lines, and how to play it again.</summary>
    public static string Tell(long seed)
    {
        (string? finding, var log) = History.Play((ulong)seed, isLogging: true);
        return string.Join(Environment.NewLine, [
            $"The history of seed {seed}:",
            .. log,
            finding is null ? "Every promise was kept." : $"BROKEN: {finding}",
            $"To play it again: ./build.sh Simulate -Seed {seed}",
        ]);
    }
}
