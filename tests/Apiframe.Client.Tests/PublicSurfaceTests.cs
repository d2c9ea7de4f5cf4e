using System.IO;
using System.Linq;
using System.Reflection;
using PublicApiGenerator;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class PublicSurfaceTests
{
    /// <summary>The public types and members of the client. A change of them can break other programs, so a review must see it.</summary>
    [Fact]
    public void The_public_surface_matches_the_approved_surface()
    {
        string approved = typeof(PublicSurfaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "PublicSurface").Value!;
        string seen = Path.GetFullPath("PublicSurface.txt");
        string[] surface = typeof(ApiframeClient).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").Split('\n');
        File.WriteAllLines(seen, surface);

        string[] differences =
        [
            .. surface.Except(File.ReadAllLines(approved)).Select(line => "new: " + line.Trim()),
            .. File.ReadAllLines(approved).Except(surface).Select(line => "gone: " + line.Trim()),
        ];
        Assert.True(differences.Length == 0, $"If this change is meant, copy {seen} to {approved}.\n{string.Join('\n', differences)}");
    }
}
