using System;
using System.Linq;
using System.Threading;

namespace Simulation;

internal static class Histories
{
    /// <summary>Runs the histories of consecutive seeds.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">The number of seeds.</param>
    /// <param name="played">Called after each history, or null.</param>
    /// <returns>The lowest seed whose history broke a promise, or null if there is none.</returns>
    public static long? FindBroken(long first, long count, Action? played = null)
    {
        long broken = long.MaxValue;
        long next = first - 1;
        Thread[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            // Each history needs its own thread, and long work must not occupy the threads of the pool.
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

    /// <summary>Returns the log of a history, and the command that runs it again.</summary>
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
