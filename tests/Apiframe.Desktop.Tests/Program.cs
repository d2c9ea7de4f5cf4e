using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Apiframe.Desktop.Tests;

/// <summary>Runs the scenarios against the staged module, loaded as Windows PowerShell 5.1 loads it. A line for each.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [string stagedModule])
        {
            Console.Error.WriteLine("usage: Apiframe.Desktop.Tests.exe <staged module>");
            return 2;
        }

        // What the engine does: it loads the module, lists its types, and calls the initializer once for each runspace. The rest finds itself.
        AppDomain.CurrentDomain.AssemblyResolve += (_, asked) => new AssemblyName(asked.Name).Name is { } name && name.StartsWith("Apiframe.", StringComparison.Ordinal)
            ? Assembly.LoadFrom(Path.Combine(stagedModule, name + ".dll"))
            : null;
        Type[] types = Assembly.LoadFrom(Path.Combine(stagedModule, "Apiframe.NanoBanana.dll")).GetTypes();
        Type resolver = types.Single(type => type.Name == "DesktopResolver");
        resolver.GetMethod("OnImport")!.Invoke(Activator.CreateInstance(resolver), null);
        resolver.GetMethod("OnImport")!.Invoke(Activator.CreateInstance(resolver), null);
        // A runspace that removes the module takes it from no other.
        resolver.GetMethod("OnRemove")?.Invoke(Activator.CreateInstance(resolver), [null]);
        return RunAsync(stagedModule).GetAwaiter().GetResult();
    }

    /// <summary>The first method that needs the client.</summary>
    private static async Task<int> RunAsync(string stagedModule)
    {
        WebRequests.UseForHttpClient();
        int failed = 0;
        foreach ((string name, Func<Task> run) in Scenarios.All(stagedModule))
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            string? problem = await ProblemOfAsync(run).ConfigureAwait(false);
            failed += problem is null ? 0 : 1;
            Console.WriteLine($"{(problem is null ? "Passed" : "FAILED")}  {name} ({watch.Elapsed.TotalSeconds:0.0} s){(problem is null ? null : ": " + problem)}");
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<string?> ProblemOfAsync(Func<Task> run)
    {
        try
        {
            Task work = Task.Run(run);
            if (await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(30))).ConfigureAwait(false) != work)
            {
                return "It did not end within 30 s.";
            }

            await work.ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            // Enough to see where, and not a page for each scenario if one cause fails them all.
            return string.Join(Environment.NewLine, e.ToString().Split('\n').Take(6).Select(line => line.TrimEnd()));
        }
    }
}
