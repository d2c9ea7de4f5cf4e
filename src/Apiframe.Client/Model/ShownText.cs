using System.Text.RegularExpressions;

namespace Apiframe.Client;

/// <summary>Prepares text of the service, of files, and of users for display in a terminal and for storage in a file.</summary>
public static class ShownText
{
    private const int MaximumShortLength = 60;

    /// <summary>
    /// The characters that a terminal interprets instead of showing them: control characters, which can color, move, and hide other text, and the marks that
    /// change the direction of text. Line feeds and tabs are kept.
    /// </summary>
    private static readonly Regex Commands = new(
        @"[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]", RegexOptions.CultureInvariant);

    private static readonly Regex Blanks = new(@"\s+", RegexOptions.CultureInvariant);

    /// <summary>Returns the text without characters that a terminal interprets.</summary>
    public static string Printable(string text) => Commands.Replace(text, string.Empty);

    /// <summary>
    /// Returns the text of a message without control characters. In addresses, <c>***</c> replaces the user and the password, and the query and the fragment,
    /// which can contain signatures and tokens.
    /// </summary>
    public static string Message(string text) => WebUrl.Shown(Printable(text));

    /// <summary>
    /// Returns a text that should be an address, as for <see cref="Message"/>. Even without a scheme, the text before an @ can contain a password.
    /// </summary>
    public static string Address(string text) => Message(text.LastIndexOf('@') is var at and >= 0 ? WebUrl.Hidden + text.Substring(at) : text);

    /// <summary>Returns a prompt or another value, as for <see cref="Message"/>, in one line of at most 60 characters.</summary>
    public static string Excerpt(string text)
    {
        string line = Message(Blanks.Replace(text, " ")).Trim();
        return line.Length <= MaximumShortLength ? line : line.Substring(0, MaximumShortLength - 3) + "...";
    }
}
