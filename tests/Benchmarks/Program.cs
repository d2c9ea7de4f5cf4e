using System;
using System.Globalization;
using System.Threading.Tasks;
using BenchmarkDotNet.Running;

namespace Benchmarks;

/// <summary>The measurements of <c>Compare.ps1</c> that are not PowerShell. Each argument selects one, which writes to standard output.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["micro"]:
                BenchmarkRunner.Run<MicroBenchmarks>();
                return 0;
            case ["model-page", var baseUrl, var key, var count, var folder]:
                Console.WriteLine(await ModelPageLoop.RunAsync(new Uri(baseUrl), key, Number(count), folder));
                return 0;
            case ["ceiling", var baseUrl, var key]:
                Console.WriteLine(await Ceiling.MeasureAsync(new Uri(baseUrl), key));
                return 0;
            case ["write-journal", var path, var images]:
                JournalReading.Write(path, Number(images));
                return 0;
            case ["read-journal", var path]:
                Console.WriteLine(JournalReading.Read(path));
                return 0;
            default:
                Console.Error.WriteLine(
                    "Use: micro | model-page <base URL> <key> <count> <folder> | ceiling <base URL> <key> | write-journal <path> <images> | read-journal <path>");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
