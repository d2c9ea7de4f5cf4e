using System.Text.RegularExpressions;

namespace Apiframe.Client;

/// <summary>Text of the service, of files and of users as a terminal may show it and a file may keep it.</summary>
public static class ShownText
{
    private const int MaximumShortLength = 60;

    /// <summary>
    /// What a terminal obeys instead of showing it: control characters, with which text can color, move and hide what stands around it, and the marks that turn
    /// the direction of reading. Line feeds and tabs are text.
    /// </summary>
    private static readonly Regex Commands = new(
        @"[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]", RegexOptions.CultureInvariant);

    private static readonly Regex Blanks = new(@"\s+", RegexOptions.CultureInvariant);

    /// <summary>The text without what a terminal would obey.</summary>
    public static string Printable(string text) => Commands.Replace(text, string.Empty);

    /// <summary>
    /// The text of a message: printable, and in each address, <c>***</c> stands for user and password as well as for query and fragment, where signatures and
    /// tokens are.
    /// </summary>
    public static string Message(string text) => WebUrl.Shown(Printable(text));

    /// <summary>What should be an address, and perhaps is none, as of <see cref="Message"/>: even without a scheme, what stands before an @ may be a password.</summary>
    public static string Address(string text) => Message(text.LastIndexOf('@') is var at and >= 0 ? WebUrl.Hidden + text.Substring(at) : text);

    /// <summary>A prompt or another value as of <see cref="Message"/>, in one line of at most 60 characters.</summary>
    public static string Excerpt(string text)
    {
        string line = Message(Blanks.Replace(text, " ")).Trim();
        return line.Length <= MaximumShortLength ? line : line.Substring(0, MaximumShortLength - 3) + "...";
    }
}
