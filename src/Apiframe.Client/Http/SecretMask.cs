using System.Text.RegularExpressions;

namespace Apiframe.Client.Http;

/// <summary>Takes keys out of text that came from elsewhere: a server may echo what it was sent.</summary>
internal static class SecretMask
{
    private static readonly Regex Key = new(@"afk_\w+", RegexOptions.CultureInvariant);

    /// <summary>The text with <paramref name="key"/> and everything that looks like a key replaced.</summary>
    public static string Apply(string text, string? key) =>
        Key.Replace(string.IsNullOrEmpty(key) ? text : text.Replace(key, "afk_***"), "afk_***");
}
