using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Reflection;

namespace Apiframe.NanoBanana;

/// <summary>
/// Resolves System.Text.Json in Windows PowerShell 5.1, which does not contain it and has no binding redirects for modules. The staged copies are returned only
/// for the assemblies of this module and for the copies themselves. They are found by their simple names, because the copies refer to older versions of each
/// other than those that are shipped. PowerShell 7 has its own copies.
/// </summary>
/// <remarks>The resolver stays when the module is removed, because it belongs to the process, and another runspace may still use the module.</remarks>
public sealed class DesktopResolver : IModuleAssemblyInitializer
{
    private static readonly string ModuleFolder = Path.GetDirectoryName(typeof(DesktopResolver).Assembly.Location)!;
    private static readonly string DesktopFolder = Path.Combine(ModuleFolder, "desktop");
    private static readonly Lazy<HashSet<string>> Shipped = new(ListShipped);

    /// <summary>Called by PowerShell in each runspace that imports the module.</summary>
    public void OnImport()
    {
        // Only .NET Framework, and Mono, which replaces it in tests, have their types in mscorlib.
        if (typeof(object).Assembly.GetName().Name == "mscorlib")
        {
            AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
            AppDomain.CurrentDomain.AssemblyResolve += Resolve;
        }
    }

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
