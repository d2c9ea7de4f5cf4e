using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Apiframe.Client.Journal;

/// <summary>Paths of files as a journal has them: relative to its folder, with forward slashes, so that both can be moved together.</summary>
internal static class JournalPath
{
    /// <summary>How this system tells paths apart.</summary>
    public static readonly StringComparer Comparer =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The path from a folder to a file; the full path if none leads there, as from one drive to another.</summary>
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

    /// <summary>The full path of what <see cref="Relative"/> has made.</summary>
    public static string Full(string folder, string file)
    {
        try
        {
            return Path.GetFullPath(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException)
        {
            // Written on another system, whose names this one does not have.
            return file;
        }
    }

    private static string[] Parts(string path, string root) =>
        path.Substring(root.Length).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');
}
