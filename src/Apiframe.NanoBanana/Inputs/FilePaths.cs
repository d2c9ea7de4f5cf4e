using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana;

/// <summary>Full paths for what a user types. What is wrong comes back as text, because each caller makes an error of its own of it.</summary>
internal static class FilePaths
{
    /// <summary>The full path, taken literally.</summary>
    /// <param name="paths">The session's, because its location is not the process's.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">What is wrong with it; null if nothing is.</param>
    public static string Literal(PathIntrinsics paths, string path, out string? problem)
    {
        try
        {
            string literal = paths.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            problem = provider.Name == "FileSystem" ? null : $"'{path}' is a path of the {provider.Name} provider, not of the file system.";
            return literal;
        }
        catch (SessionStateException e)
        {
            // The drive does not exist, for example in a list from another computer.
            problem = $"'{path}' is not a path of this session. {e.Message}";
            return path;
        }
    }

    /// <summary>The files that a path with wildcards matches; the path itself if it has none, whether such a file is there or not.</summary>
    /// <param name="paths">The session's.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">What is wrong with it; null if nothing is.</param>
    public static IReadOnlyList<string> Matching(PathIntrinsics paths, string path, out string? problem)
    {
        string literal = Literal(paths, path, out problem);
        // A file whose name has brackets is meant before the pattern that the brackets make.
        if (problem is not null || File.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [literal];
        }

        string[] files = [];
        try
        {
            files = paths.GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists).ToArray();
        }
        catch (ItemNotFoundException)
        {
            // Then no file matches.
        }

        problem = files.Length > 0 ? null : $"'{path}' does not match any file.";
        return files;
    }
}
