using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace Apiframe.NanoBanana;

/// <summary>Full paths for paths that users specify. Problems are returned as text, because each caller creates a different error.</summary>
internal static class FilePaths
{
    /// <summary>Returns the full path without expanding wildcards.</summary>
    /// <param name="paths">The paths of the session, whose location differs from the current folder of the process.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">The problem with the path, or null.</param>
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
            problem = $"'{path}' is not a valid path in this session. {e.Message}";
            return path;
        }
    }

    /// <summary>Returns the files that match a path with wildcards. A path without wildcards is returned itself, whether or not the file exists.</summary>
    /// <param name="paths">The paths of the session.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">The problem with the path, or null.</param>
    public static IReadOnlyList<string> Matching(PathIntrinsics paths, string path, out string? problem)
    {
        string literal = Literal(paths, path, out problem);
        // An existing file whose name contains brackets takes precedence over the pattern of the brackets.
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
            // If the path cannot be found, no file matches.
        }

        problem = files.Length > 0 ? null : $"'{path}' does not match any file.";
        return files;
    }
}
