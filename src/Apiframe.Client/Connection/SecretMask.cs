using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Apiframe.Client.Connection;

/// <summary>
/// Takes keys out of text that came from elsewhere: a server may echo what it was sent, in any spelling that a log or a debug page might use. Immutable.
/// </summary>
/// <remarks>
/// The key is looked for in any case, in base64 and in hexadecimal, each also of UTF-16; and all this again behind escapes (<c>%61</c>, <c>\u0061</c>,
/// <c>&amp;#97;</c>), however often they were escaped.
/// </remarks>
public sealed class SecretMask
{
    private const string Mark = "afk_***";
    private const string Prefix = "afk_";

    /// <summary>A shorter text is not a key, and would be found in many addresses.</summary>
    private const int ShortestKey = 8;

    /// <summary>From so many characters on, a key is known without its prefix.</summary>
    private const int ShortestRest = 16;

    /// <summary>How often a text may have been escaped.</summary>
    private const int MaximumDepth = 3;

    private static readonly Regex AnyKey = new(@"afk_\w+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>Longer than the beginning that keys are told apart by.</summary>
    private static readonly Regex LongKey = new(@"afk_\w{13,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly string[] Separators = [string.Empty, "-", ":", " ", ", "];

    private readonly string[] _secrets;
    private readonly Lazy<string[]> _base64;
    private readonly Lazy<string[]> _hexadecimal;

    /// <summary>Makes a mask for a key.</summary>
    /// <param name="key">The key; null if only what looks like one can be masked.</param>
    public SecretMask(string? key)
    {
        bool hasRest = key?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true && key.Length >= Prefix.Length + ShortestRest;
        _secrets = key is not { Length: >= ShortestKey } ? [] : hasRest ? [key, key.Substring(Prefix.Length)] : [key];
        // The last of the secrets is part of the others, and a run of base64 is masked as a whole.
        _base64 = new(() => _secrets.Skip(_secrets.Length - 1).SelectMany(Bytes).SelectMany(Base64).Distinct().ToArray());
        _hexadecimal = new(() => _secrets.SelectMany(Bytes).SelectMany(Hexadecimal).Distinct().ToArray());
    }

    /// <summary>The text with the key and everything that looks like a key replaced.</summary>
    public string Apply(string text) => Replace(text, AnyKey);

    /// <summary>The text with the key replaced. A key's beginning, to tell keys apart by, stays.</summary>
    public string ApplyToKeys(string text) => Replace(text, LongKey);

    /// <summary>
    /// What an exception of another library says, in a sentence. The exception itself is not kept: its text and its causes may quote what was sent and received,
    /// or the address of a proxy with user and password.
    /// </summary>
    public string TextOf(Exception exception)
    {
        Exception cause = exception.GetBaseException();
        return $"{WebUrl.Shown(Apply(cause.Message)).TrimEnd('.')} ({cause.GetType().Name}).";
    }

    private string Replace(string text, Regex keyLike)
    {
        List<(int Start, int End)> found = Find(text, keyLike, MaximumDepth);
        if (found.Count == 0)
        {
            return text;
        }

        var masked = new StringBuilder(text.Length);
        int done = 0;
        foreach ((int start, int end) in found.OrderBy(span => span.Start))
        {
            if (start >= done)
            {
                masked.Append(text, done, start - done).Append(Mark);
            }

            done = Math.Max(done, end);
        }

        return masked.Append(text, done, text.Length - done).ToString();
    }

    private List<(int Start, int End)> Find(string text, Regex keyLike, int depth)
    {
        var found = new List<(int Start, int End)>();
        if (text.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase) >= 0)
        {
            found.AddRange(keyLike.Matches(text).Cast<Match>().Select(match => (match.Index, match.Index + match.Length)));
        }

        if (_secrets.Length > 0 && text.Length >= _secrets[_secrets.Length - 1].Length)
        {
            found.AddRange(_secrets.SelectMany(secret => Places(text, secret, StringComparison.OrdinalIgnoreCase)));
            found.AddRange(_hexadecimal.Value.SelectMany(spelling => Places(text, spelling, StringComparison.OrdinalIgnoreCase)));
            found.AddRange(_base64.Value.SelectMany(spelling => Places(text, spelling, StringComparison.Ordinal)).Select(place => WholeRun(text, place)));
        }

        if (depth > 0 && Unescaped(text) is { } unescaped)
        {
            found.AddRange(Find(unescaped.Text, keyLike, depth - 1).Select(place => (unescaped.Origins[place.Start], unescaped.Origins[place.End])));
        }

        return found;
    }

    private static IEnumerable<(int Start, int End)> Places(string text, string part, StringComparison comparison)
    {
        for (int at = text.IndexOf(part, comparison); at >= 0; at = text.IndexOf(part, at + part.Length, comparison))
        {
            yield return (at, at + part.Length);
        }
    }

    private static (int Start, int End) WholeRun(string text, (int Start, int End) part)
    {
        (int start, int end) = part;
        while (start > 0 && IsBase64(text[start - 1]))
        {
            start--;
        }

        while (end < text.Length && IsBase64(text[end]))
        {
            end++;
        }

        return (start, end);
    }

    private static bool IsBase64(char character) => character is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '+' or '/' or '-' or '_' or '=';

    /// <summary>The secret in bytes: as it is, in lower and in upper case; UTF-8, and UTF-16 in both orders.</summary>
    private static IEnumerable<byte[]> Bytes(string secret) =>
        from spelling in new[] { secret, secret.ToLowerInvariant(), secret.ToUpperInvariant() }.Distinct()
        from encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode }
        select encoding.GetBytes(spelling);

    /// <summary>What base64 makes of the bytes wherever a group of three begins, without the digits that depend on what stands before and behind.</summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (int before = 0; before < 3; before++)
        {
            string all = Convert.ToBase64String([.. new byte[before], .. bytes]);
            int start = ((before * 8) + 5) / 6;
            string digits = all.Substring(start, ((before + bytes.Length) * 8 / 6) - start);
            yield return digits;
            yield return digits.Replace('+', '-').Replace('/', '_');
        }
    }

    private static IEnumerable<string> Hexadecimal(byte[] bytes)
    {
        string dashed = BitConverter.ToString(bytes);
        return Separators.Select(separator => dashed.Replace("-", separator));
    }

    /// <summary>
    /// The text with each escape as the character that it means, without zeros, which every other byte of UTF-16 is, and without the line breaks of long base64;
    /// null if it has none of these.
    /// </summary>
    /// <returns>With it, where each of its characters comes from, and one index more for its end.</returns>
    private static (string Text, List<int> Origins)? Unescaped(string text)
    {
        if (text.IndexOfAny(['%', '\\', '&', '\0', '\n']) < 0)
        {
            return null;
        }

        var unescaped = new StringBuilder(text.Length);
        var origins = new List<int>(text.Length + 1);
        for (int i = 0; i < text.Length;)
        {
            (char character, int length) = Escape(text, i) ?? (text[i], 1);
            if (character is not ('\0' or '\r' or '\n'))
            {
                unescaped.Append(character);
                origins.Add(i);
            }

            i += length;
        }

        origins.Add(text.Length);
        return unescaped.Length == text.Length ? null : (unescaped.ToString(), origins);
    }

    /// <summary>The character that an escape at this place stands for, and the escape's length; null if there is none.</summary>
    private static (char Character, int Length)? Escape(string text, int at)
    {
        char next = at + 1 < text.Length ? text[at + 1] : '\0';
        return (text[at], next) switch
        {
            ('%', _) => Hexadecimal(text, at + 1, 2, 1),
            ('\\', 'x' or 'X') => Hexadecimal(text, at + 2, 2, 2),
            ('\\', 'u' or 'U') => Hexadecimal(text, at + 2, 4, 2),
            ('&', '#') => Entity(text, at),
            _ => null,
        };
    }

    private static (char Character, int Length)? Hexadecimal(string text, int start, int digits, int before)
    {
        if (start + digits > text.Length)
        {
            return null;
        }

        int value = 0;
        for (int i = start; i < start + digits; i++)
        {
            if (!IsHexadecimal(text[i]))
            {
                return null;
            }

            value = (value << 4) + Digit(text[i]);
        }

        return ((char)value, before + digits);
    }

    private static (char Character, int Length)? Entity(string text, int at)
    {
        int end = text.IndexOf(';', at, Math.Min(12, text.Length - at));
        bool isHexadecimal = end > 0 && text[at + 2] is 'x' or 'X';
        int start = at + (isHexadecimal ? 3 : 2);
        int value = 0;
        for (int i = start; i < end; i++)
        {
            if (isHexadecimal ? !IsHexadecimal(text[i]) : text[i] is < '0' or > '9')
            {
                return null;
            }

            value = (value * (isHexadecimal ? 16 : 10)) + Digit(text[i]);
        }

        return end > start && value is > 0 and <= char.MaxValue ? ((char)value, end + 1 - at) : null;
    }

    private static bool IsHexadecimal(char character) => character is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    private static int Digit(char character) => character <= '9' ? character - '0' : (character | 0x20) - 'a' + 10;
}
