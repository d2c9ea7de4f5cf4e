using System;
using System.IO;
using System.Linq;

namespace Apiframe.Gallery;

/// <summary>Links from a page in one folder to a file. They also work if both are copied to a web server.</summary>
internal static class RelativeUrl
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <param name="folder">The full path of the folder of the page.</param>
    /// <param name="file">The full path of the file.</param>
    /// <returns>The percent-encoded URL, which is absolute if the file is on another drive.</returns>
    public static string Of(string folder, string file)
    {
        StringComparison comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!string.Equals(Path.GetPathRoot(folder), Path.GetPathRoot(file), comparison))
        {
            return new Uri(file).AbsoluteUri;
        }

        string[] from = folder.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        string[] to = file.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        int common = from.Zip(to, (a, b) => string.Equals(a, b, comparison)).TakeWhile(same => same).Count();
        return string.Join("/", from.Skip(common).Select(_ => "..").Concat(to.Skip(common).Select(Uri.EscapeDataString)));
    }
}
