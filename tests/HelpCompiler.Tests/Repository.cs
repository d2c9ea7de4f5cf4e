using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace HelpCompiler.Tests;

/// <summary>The files of the repository that the tests read.</summary>
internal static class Repository
{
    public static string Root { get; } =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    public static IEnumerable<string> Pages => Directory.GetFiles(Path.Combine(Root, "docs/cmdlets"), "*.md");

    public static IEnumerable<string> Topics => Directory.GetFiles(Path.Combine(Root, "docs/about"), "*.md");

    /// <summary>The documents that are read on a web page: README.md, the docs, and the pages of the samples.</summary>
    public static IEnumerable<string> Documents =>
    [
        .. Directory.GetFiles(Root, "*.md"),
        .. new[] { "docs", "samples" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories)),
    ];
}
