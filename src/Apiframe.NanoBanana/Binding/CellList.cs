using System.Linq;
using System.Text.RegularExpressions;

namespace Apiframe.NanoBanana.Binding;

/// <summary>The parts of a CSV cell that holds a list, separated by semicolons.</summary>
internal static class CellList
{
    /// <summary>
    /// A URL can contain semicolons, nearly always before a name and a value, as in <c>?a=1;b=2</c>. Any other semicolon separates: a part that is then neither a URL
    /// nor a file is refused, but a URL that holds two images would be billed.
    /// </summary>
    private static readonly Regex BesideUrls = new(@";(?![\w.~%+-]+=)", RegexOptions.CultureInvariant);

    /// <summary>The parts, without the white space around them and without blank ones.</summary>
    public static string[] Parts(string cell) => (cell.Contains("://") ? BesideUrls.Split(cell) : cell.Split(';'))
        .Select(part => part.Trim())
        .Where(part => part.Length > 0)
        .ToArray();
}
