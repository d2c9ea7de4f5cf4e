using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Apiframe.NanoBanana;

/// <summary>
/// Windows PowerShell 5.1 has no System.Text.Json and no binding redirects for modules, so there the staged copies are handed out:
/// by simple name, to this module's own assemblies and to the copies themselves, and to nobody else. PowerShell 7 has its own copies.
/// </summary>
public sealed class DesktopResolver : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly string ModuleFolder = Path.GetDirectoryName(typeof(DesktopResolver).Assembly.Location)!;
    private static readonly string DesktopFolder = Path.Combine(ModuleFolder, "desktop");
    private static readonly Lazy<HashSet<string>> Shipped = new(ListShipped);

    /// <summary>Called by the engine when the module is imported.</summary>
    public void OnImport()
    {
        if (IsDesktop)
        {
            AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
            AppDomain.CurrentDomain.AssemblyResolve += Resolve;
        }
    }

    /// <summary>Called by the engine when the module is removed.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (IsDesktop)
        {
            AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
        }
    }

    private static bool IsDesktop => RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

    private static HashSet<string> ListShipped()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string file in Directory.GetFiles(DesktopFolder, "*.dll"))
        {
            names.Add(Path.GetFileNameWithoutExtension(file));
        }

        return names;
    }

    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        string? name = new AssemblyName(args.Name).Name;
        string? asking = args.RequestingAssembly is { IsDynamic: false } assembly ? Path.GetDirectoryName(assembly.Location) : null;
        bool isOurs = string.Equals(asking, ModuleFolder, StringComparison.OrdinalIgnoreCase)
            || string.Equals(asking, DesktopFolder, StringComparison.OrdinalIgnoreCase);
        return isOurs && name is not null && Shipped.Value.Contains(name) ? Assembly.LoadFrom(Path.Combine(DesktopFolder, name + ".dll")) : null;
    }
}
