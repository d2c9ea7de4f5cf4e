using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Apiframe.Desktop.Tests;

/// <summary>
/// Runs the scenarios against the staged module, which is loaded in the same way as in Windows PowerShell 5.1. Writes one line for each scenario.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [string stagedModule])
        {
            Console.Error.WriteLine("usage: Apiframe.Desktop.Tests.exe <staged module>");
            return 2;
        }

        // Windows PowerShell also loads the module, lists its types, and calls the initializer once for each runspace. The module then resolves its own
        // references.
        AppDomain.CurrentDomain.AssemblyResolve += (_, asked) => new AssemblyName(asked.Name).Name is { } name && name.StartsWith("Apiframe.", StringComparison.Ordinal)
            ? Assembly.LoadFrom(Path.Combine(stagedModule, name + ".dll"))
            : null;
        Type[] types = Assembly.LoadFrom(Path.Combine(stagedModule, "Apiframe.NanoBanana.dll")).GetTypes();
        Type resolver = types.Single(type => type.Name == "DesktopResolver");
        resolver.GetMethod("OnImport")!.Invoke(Activator.CreateInstance(resolver), null);
        resolver.GetMethod("OnImport")!.Invoke(Activator.CreateInstance(resolver), null);
        // Removing the module from one runspace must not affect the others.
        resolver.GetMethod("OnRemove")?.Invoke(Activator.CreateInstance(resolver), [null]);
        return RunAsync(stagedModule).GetAwaiter().GetResult();
    }

    /// <summary>Runs the scenarios. This is the first method that needs the client, so the assembly is loaded when the method is called.</summary>
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
            // Six lines show where the scenario failed without a page of text for each scenario.
            return string.Join(Environment.NewLine, e.ToString().Split('\n').Take(6).Select(line => line.TrimEnd()));
        }
    }
}
