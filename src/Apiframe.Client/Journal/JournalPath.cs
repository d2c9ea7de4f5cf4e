using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Apiframe.Client.Journal;

/// <summary>The paths of files in a journal: relative to its folder, with forward slashes, so that the folder can be moved.</summary>
internal static class JournalPath
{
    /// <summary>Compares paths by the rules of this operating system.</summary>
    public static readonly StringComparer Comparer =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Returns the path from a folder to a file, or the full path if there is none, for example on another drive.</summary>
    public static string Relative(string folder, string file)
    {
        string root = Path.GetPathRoot(file) ?? string.Empty;
        if (!Comparer.Equals(root, Path.GetPathRoot(folder)))
        {
            return Slashed(file);
        }

        string[] from = Parts(folder, root);
        string[] to = Parts(file, root);
        int common = from.Zip(to.Take(to.Length - 1), Comparer.Equals).TakeWhile(isEqual => isEqual).Count();
        return string.Join("/", Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)));
    }

    /// <summary>Returns the full path for a result of <see cref="Relative"/>.</summary>
    public static string Full(string folder, string file)
    {
        try
        {
            return Path.GetFullPath(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException)
        {
            // The path was written on another operating system and is not valid here.
            return file;
        }
    }

    private static string[] Parts(string path, string root) =>
        path.Substring(root.Length).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');
}
