using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Xunit;

namespace HelpCompiler.Tests;

/// <summary>Compares docs/architecture.md with the assemblies and the source files.</summary>
public sealed partial class ArchitectureTests
{
    private const string Client = "Apiframe.Client";
    private const string Module = "Apiframe.NanoBanana";

    /// <summary>Each assembly of this repository, with the assemblies of this repository that it can reference.</summary>
    public static TheoryData<string, string[]> Uses { get; } = new()
    {
        { Client, [] },
        { "Apiframe.Emulator", [] },
        { "Apiframe.Gallery", [Client] },
        { Module, [Client, "Apiframe.Emulator", "Apiframe.Gallery"] },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void An_assembly_references_only_the_allowed_assemblies(string assembly, string[] allowed)
    {
        using PEReader file = Open(assembly);
        MetadataReader metadata = file.GetMetadataReader();
        var used = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));

        Assert.Empty(used.Where(name => name.StartsWith("Apiframe", StringComparison.Ordinal)).Except(allowed));
        Assert.Equal(assembly == Module, used.Contains("System.Management.Automation"));
    }

    [Fact]
    public void The_gallery_uses_only_the_model_of_the_client() =>
        Assert.Equal([Client], TypesUsed("Apiframe.Gallery").Where(type => type.Assembly == Client).Select(type => type.Namespace).Distinct());

    [Fact]
    public void Internal_members_are_visible_only_to_tests_and_benchmarks()
    {
        var friends = from project in Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                      from friend in System.Xml.Linq.XDocument.Load(project).Descendants("InternalsVisibleTo")
                      select friend.Attribute("Include")!.Value;

        Assert.All(friends, friend => Assert.True(friend == "Benchmarks" || friend.EndsWith(".Tests", StringComparison.Ordinal), friend));
    }

    [Fact]
    public void The_map_contains_only_existing_names()
    {
        string map = File.ReadAllText(Path.Combine(Repository.Root, "docs/architecture.md"));
        string[] files = [.. new[] { "src", "tests", "tools", "docs" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => !Generated().IsMatch(file))];
        var known = files.SelectMany(file => new[] { Path.GetFileName(file), Path.GetFileNameWithoutExtension(file) })
            .Concat(files.Where(file => Path.GetExtension(file) is ".cs" or ".props").SelectMany(file => Identifier().Matches(File.ReadAllText(file)).Select(word => word.Value)))
            .ToHashSet(StringComparer.Ordinal);

        // These are the words in backticks, in the tree, and in the flow that have the form of a type or a file. A path must exist exactly as it is written.
        string[] named = [.. Quoted().Matches(map).Concat(Blocks().Matches(map).SelectMany(block => Word().Matches(block.Value))).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 80, $"Only {named.Length} names were found.");
        string[] missing = [.. named.Where(name => !known.Contains(name) && !name.Split('.').All(known.Contains) && !Exists(name))];
        Assert.True(missing.Length == 0, $"These are not there: {string.Join(", ", missing)}");
    }

    [Fact]
    public void The_map_contains_every_folder_and_only_the_project_file_is_outside_of_them()
    {
        string map = File.ReadAllText(Path.Combine(Repository.Root, "docs/architecture.md"));
        foreach (string assembly in Directory.GetDirectories(Path.Combine(Repository.Root, "src")))
        {
            Assert.Equal([Path.GetFileName(assembly) + ".csproj"], Directory.GetFiles(assembly).Select(Path.GetFileName));
            Assert.All(
                Directory.GetDirectories(assembly).Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj"]),
                folder => Assert.Contains($"    {folder}/ ", map, StringComparison.Ordinal));
        }
    }

    private static bool Exists(string name) => Path.Exists(Path.Combine(Repository.Root, name))
        || Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Any(assembly => Path.Exists(Path.Combine(assembly, name)));

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex Generated();

    [GeneratedRegex(@"[A-Za-z_]\w*(?:\d\.\d)?")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"`([A-Za-z][\w.-]*(?:/[\w.-]+)*)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^```\n.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<![-\w/])((?:[A-Z][a-z0-9]+){2,}|\w+\.(?:css|js))(?![\w/])")]
    private static partial Regex Word();

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

    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
}
