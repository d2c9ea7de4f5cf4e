using System;
using System.Text;
using System.Text.RegularExpressions;

namespace Apiframe.Client.Http;

/// <summary>Takes keys out of text that came from elsewhere: a server may echo what it was sent.</summary>
internal static class SecretMask
{
    private const string Mask = "afk_***";

    private static readonly Regex Key = new(@"afk_\w+", RegexOptions.CultureInvariant);

    /// <summary>An answer in UTF-8 without keys, before anybody reads it.</summary>
    public static byte[] Apply(byte[] answer, string? key) =>
        Holds(answer, "afk_") || Holds(answer, key) ? Encoding.UTF8.GetBytes(Apply(Encoding.UTF8.GetString(answer), key)) : answer;

    /// <summary>An answer in UTF-8 without <paramref name="key"/>. What merely looks like a key is left: it may be the beginning of one, to tell keys apart by.</summary>
    public static byte[] ApplyToWholeKey(byte[] answer, string? key) =>
        Holds(answer, key) ? Encoding.UTF8.GetBytes(WithoutWholeKey(Encoding.UTF8.GetString(answer), key)) : answer;

    /// <summary>The text with <paramref name="key"/> and everything that looks like a key replaced.</summary>
    public static string Apply(string text, string? key) => Key.Replace(WithoutWholeKey(text, key), Mask);

    private static string WithoutWholeKey(string text, string? key) => string.IsNullOrEmpty(key) ? text : text.Replace(key, Mask);

    private static bool Holds(ReadOnlySpan<byte> answer, string? text) =>
        !string.IsNullOrEmpty(text) && answer.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
