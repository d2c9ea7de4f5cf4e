using System;
using System.Text;
using System.Text.RegularExpressions;

namespace Apiframe.Client.Http;

/// <summary>Takes keys out of text that came from elsewhere: a server may echo what it was sent.</summary>
internal static class SecretMask
{
    private static readonly Regex Key = new(@"afk_\w+", RegexOptions.CultureInvariant);

    /// <summary>An answer in UTF-8 without keys, before anybody reads it.</summary>
    public static byte[] Apply(byte[] answer, string? key)
    {
        ReadOnlySpan<byte> bytes = answer;
        bool mayHold = bytes.IndexOf(Encoding.ASCII.GetBytes("afk_")) >= 0
            || (!string.IsNullOrEmpty(key) && bytes.IndexOf(Encoding.ASCII.GetBytes(key)) >= 0);
        return mayHold ? Encoding.UTF8.GetBytes(Apply(Encoding.UTF8.GetString(answer), key)) : answer;
    }

    /// <summary>The text with <paramref name="key"/> and everything that looks like a key replaced.</summary>
    public static string Apply(string text, string? key) =>
        Key.Replace(string.IsNullOrEmpty(key) ? text : text.Replace(key, "afk_***"), "afk_***");
}
