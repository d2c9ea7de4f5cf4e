using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace Simulation;

/// <summary>
/// <c>seeds COUNT [FIRST]</c> runs many histories. <c>seed N</c> shows the log of one history. Any other arguments are for xunit.
/// </summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["seed", var seed] => Tell(Number(seed)),
        ["seeds", var count] => Play(1, Number(count)),
        ["seeds", var count, var first] => Play(Number(first), Number(count)),
        _ => Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult(),
    };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static int Tell(long seed)
    {
        Console.WriteLine(Histories.Tell(seed));
        return History.Play((ulong)seed).Finding is null ? 0 : 1;
    }

    private static int Play(long first, long count)
    {
        var watch = Stopwatch.StartNew();
        int done = 0;
        long? broken = Histories.FindBroken(first, count, () =>
        {
            if (Interlocked.Increment(ref done) % 10_000 == 0)
            {
                Console.WriteLine($"{done} histories");
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{done} histories in {watch.Elapsed.TotalSeconds:0.0} s, {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:0.0} s of processor time"));
        if (broken is { } seed)
        {
            Console.WriteLine(Histories.Tell(seed));
            return 1;
        }

        Console.WriteLine("Every promise was kept.");
        return 0;
    }
}
