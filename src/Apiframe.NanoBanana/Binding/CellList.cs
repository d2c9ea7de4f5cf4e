using System.Linq;
using System.Text.RegularExpressions;

namespace Apiframe.NanoBanana.Binding;

/// <summary>The parts of a CSV cell with a list, which are separated by semicolons.</summary>
internal static class CellList
{
    /// <summary>
    /// A URL can contain semicolons, nearly always before a name and a value, as in <c>?a=1;b=2</c>. Any other semicolon is a separator. If this splits a URL,
    /// a part is neither a URL nor a file and is rejected. A text with two URLs that were not split would be billed as one image.
    /// </summary>
    private static readonly Regex BesideUrls = new(@";(?![\w.~%+-]+=)", RegexOptions.CultureInvariant);

    /// <summary>Returns the parts without surrounding white space. Empty parts are omitted.</summary>
    public static string[] Parts(string cell) => (cell.Contains("://") ? BesideUrls.Split(cell) : cell.Split(';'))
        .Select(part => part.Trim())
        .Where(part => part.Length > 0)
        .ToArray();
}
