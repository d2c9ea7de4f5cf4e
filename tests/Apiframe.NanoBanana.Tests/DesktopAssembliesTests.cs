using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Xunit;

namespace Apiframe.NanoBanana.Tests;

/// <summary>Tests the assemblies that Windows PowerShell 5.1 loads: the staged assemblies, .NET Framework 4.7.2, and PowerShell itself.</summary>
public sealed class DesktopAssembliesTests
{
    /// <summary>.NET Framework 4.7.2 contains all of .NET Standard 2.0.</summary>
    private static readonly AssemblyName[] Framework = [new("netstandard, Version=2.0.0.0"), new("System.Management.Automation, Version=3.0.0.0")];

    private static readonly Dictionary<string, AssemblyName> Desktop = In("desktop");
    private static readonly Dictionary<string, AssemblyName> Module = In(".");

    public static TheoryData<string> Staged => [.. Module.Keys, .. Desktop.Keys];

    [Theory]
    [MemberData(nameof(Staged))]
    public void Every_referenced_assembly_is_shipped_in_its_version_or_a_later_one(string name)
    {
        var available = Framework.Concat(Desktop.Values).Concat(Module.Values).ToDictionary(one => one.Name!, one => one.Version);

        Assert.All(ReferencesOf(name), asked => Assert.True(available.TryGetValue(asked.Name!, out Version? there) && there >= asked.Version, $"{asked}"));
    }

    [Fact]
    public void No_unreferenced_assembly_is_shipped()
    {
        var needed = new HashSet<string>();
        var open = new Stack<string>(Module.Keys);
        while (open.TryPop(out string? name))
        {
            ReferencesOf(name).Select(one => one.Name!).Where(Desktop.ContainsKey).Where(needed.Add).ToList().ForEach(open.Push);
        }

        Assert.Equal(Desktop.Keys.Order(), needed.Order());
    }

    [Fact]
    public void The_engine_can_list_the_types_of_the_module_before_the_resolver_is_installed()
    {
        // Windows PowerShell lists the types to find the cmdlets and the initializer, and only then calls the initializer.
        var context = new WithoutDesktopFolder();

        Assembly module = context.LoadFromAssemblyPath(PathOf("Apiframe.NanoBanana"));

        Assert.Contains(module.GetTypes(), type => type.Name == nameof(DesktopResolver));
    }

    private static Dictionary<string, AssemblyName> In(string folder) => Directory.GetFiles(Path.Combine(Metadata("StagedModule"), folder), "*.dll")
        .Select(AssemblyName.GetAssemblyName).ToDictionary(one => one.Name!);

    private static string PathOf(string name) => Path.Combine(Metadata("StagedModule"), Desktop.ContainsKey(name) ? "desktop" : ".", name + ".dll");

    private static AssemblyName[] ReferencesOf(string name)
    {
        var context = new AssemblyLoadContext(name, isCollectible: true);
        try
        {
            return context.LoadFromAssemblyPath(PathOf(name)).GetReferencedAssemblies();
        }
        finally
        {
            context.Unload();
        }
    }

    private static string Metadata(string key) =>
        typeof(DesktopAssembliesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == key).Value!;

    private sealed class WithoutDesktopFolder : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name switch
        {
            "System.Management.Automation" => LoadFromAssemblyPath(Metadata("EngineAssembly")),
            { } name when Module.ContainsKey(name) => LoadFromAssemblyPath(PathOf(name)),
            { } name when Desktop.ContainsKey(name) => throw new FileNotFoundException("The resolver is not there yet.", name),
            _ => null,
        };
    }
}
