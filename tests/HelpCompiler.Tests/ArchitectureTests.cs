using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace HelpCompiler.Tests;

/// <summary>What docs/architecture.md promises about the assemblies, held against what was built.</summary>
public sealed class ArchitectureTests
{
    private const string Client = "Apiframe.Client";
    private const string Module = "Apiframe.NanoBanana";

    /// <summary>An assembly of this repository, and those of this repository that it may use.</summary>
    public static TheoryData<string, string[]> Uses { get; } = new()
    {
        { Client, [] },
        { "Apiframe.Emulator", [] },
        { "Apiframe.Gallery", [Client] },
        { Module, [Client, "Apiframe.Emulator", "Apiframe.Gallery"] },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void An_assembly_uses_only_those_it_may(string assembly, string[] allowed)
    {
        using PEReader file = Open(assembly);
        MetadataReader metadata = file.GetMetadataReader();
        var used = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));

        Assert.Empty(used.Where(name => name.StartsWith("Apiframe", System.StringComparison.Ordinal)).Except(allowed));
        Assert.Equal(assembly == Module, used.Contains("System.Management.Automation"));
    }

    [Fact]
    public void The_gallery_uses_nothing_of_the_client_but_its_model() =>
        Assert.Equal([Client], TypesUsed("Apiframe.Gallery").Where(type => type.Assembly == Client).Select(type => type.Namespace).Distinct());

    [Fact]
    public void Only_tests_and_benchmarks_see_what_is_internal()
    {
        var friends = from project in Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                      from friend in System.Xml.Linq.XDocument.Load(project).Descendants("InternalsVisibleTo")
                      select friend.Attribute("Include")!.Value;

        Assert.All(friends, friend => Assert.True(friend == "Benchmarks" || friend.EndsWith(".Tests", System.StringComparison.Ordinal), friend));
    }

    private static List<(string Assembly, string Namespace)> TypesUsed(string assembly)
    {
        using PEReader file = Open(assembly);
        MetadataReader metadata = file.GetMetadataReader();
        return metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference)
            .Select(type => (
                metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
                metadata.GetString(type.Namespace)))
            .ToList();
    }

    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(System.AppContext.BaseDirectory, assembly + ".dll")));
}
