using System;
using System.IO;
using System.Linq;

namespace Apiframe.Gallery;

/// <summary>How a page in one folder links to a file, from disk and, if both are put on a web server, there too.</summary>
internal static class RelativeUrl
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <param name="folder">The page's folder, a full path.</param>
    /// <param name="file">The file, a full path.</param>
    /// <returns>Percent-encoded; absolute if the file is on another drive.</returns>
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
