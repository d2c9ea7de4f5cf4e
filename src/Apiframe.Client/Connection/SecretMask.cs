using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Apiframe.Client.Connection;

/// <summary>
/// Removes keys from text that comes from other programs. A server can echo the key in any encoding that a log or a debug page might use. Immutable.
/// </summary>
/// <remarks>
/// The key is recognized in any case, in Base64 and in hexadecimal, also as UTF-16, and in each of these forms behind escapes (<c>%61</c>, <c>\u0061</c>,
/// <c>&amp;#97;</c>) that were applied up to three times.
/// </remarks>
public sealed class SecretMask
{
    private const string Mark = "afk_***";
    private const string Prefix = "afk_";

    /// <summary>The minimum length of a key. A shorter text is not a key and would occur in many addresses.</summary>
    private const int ShortestKey = 8;

    /// <summary>The minimum length of a key without its prefix that is recognized.</summary>
    private const int ShortestRest = 16;

    /// <summary>The number of times that a text can be escaped.</summary>
    private const int MaximumDepth = 3;

    private static readonly Regex AnyKey = new(@"afk_\w+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>Matches keys that are longer than the documented key prefix.</summary>
    private static readonly Regex LongKey = new(@"afk_\w{13,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly char[] Escapes = ['%', '\\', '&', '\0', '\n'];

    private static readonly string[] Separators = [string.Empty, "-", ":", " ", ", "];

    private readonly string[] _secrets;
    private readonly Lazy<string[]> _base64;
    private readonly Lazy<string[]> _hexadecimal;

    /// <summary>Creates a mask for a key.</summary>
    /// <param name="key">The key, or null to mask only texts that look like a key.</param>
    public SecretMask(string? key)
    {
        bool hasRest = key?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true && key.Length >= Prefix.Length + ShortestRest;
        _secrets = key is not { Length: >= ShortestKey } ? [] : hasRest ? [key, key.Substring(Prefix.Length)] : [key];
        // The last secret is contained in the others, and a sequence of Base64 digits is masked completely.
        _base64 = new(() => _secrets.Skip(_secrets.Length - 1).SelectMany(Bytes).SelectMany(Base64).Distinct().ToArray());
        _hexadecimal = new(() => _secrets.SelectMany(Bytes).SelectMany(Hexadecimal).Distinct().ToArray());
    }

    /// <summary>Returns the text with the key, and everything that looks like a key, replaced.</summary>
    public string Apply(string text) => Replace(text, AnyKey);

    /// <summary>Returns the text with the key replaced. The beginning of a key, which distinguishes keys, is kept.</summary>
    public string ApplyToKeys(string text) => Replace(text, LongKey);

    /// <summary>
    /// Returns the message of an exception of another library as a sentence. The exception itself is not kept, because its text and its causes can contain
    /// requests, responses, or the address of a proxy with its password.
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
            AddPlaces(found, text, _secrets, StringComparison.OrdinalIgnoreCase);
            AddPlaces(found, text, _hexadecimal.Value, StringComparison.OrdinalIgnoreCase);
            int others = found.Count;
            AddPlaces(found, text, _base64.Value, StringComparison.Ordinal);
            for (int i = others; i < found.Count; i++)
            {
                found[i] = WholeRun(text, found[i]);
            }
        }

        if (depth > 0 && Unescaped(text) is { } unescaped)
        {
            foreach ((int start, int end) in Find(unescaped.Text, keyLike, depth - 1))
            {
                found.Add((unescaped.Origins[start], unescaped.Origins[end]));
            }
        }

        return found;
    }

    /// <summary>Adds each place of each part. Allocates no memory if the text contains no part, because every text of every response is searched.</summary>
    private static void AddPlaces(List<(int Start, int End)> found, string text, string[] parts, StringComparison comparison)
    {
        foreach (string part in parts)
        {
            for (int at = text.IndexOf(part, comparison); at >= 0; at = text.IndexOf(part, at + part.Length, comparison))
            {
                found.Add((at, at + part.Length));
            }
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

    /// <summary>Returns the bytes of the secret: unchanged, in lowercase, and in uppercase, each in UTF-8 and in UTF-16 of both byte orders.</summary>
    private static IEnumerable<byte[]> Bytes(string secret) =>
        from spelling in new[] { secret, secret.ToLowerInvariant(), secret.ToUpperInvariant() }.Distinct()
        from encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode }
        select encoding.GetBytes(spelling);

    /// <summary>
    /// Returns the Base64 digits of the bytes for each position in a group of three bytes. Digits that depend on the bytes before and after are omitted.
    /// </summary>
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
    /// Returns the text with each escape replaced by its character, without the zeros of UTF-16, and without the line breaks of long Base64. Null if the text
    /// contains none of these.
    /// </summary>
    /// <returns>The text, and the original position of each of its characters and of its end.</returns>
    private static (string Text, List<int> Origins)? Unescaped(string text)
    {
        if (text.IndexOfAny(Escapes) < 0)
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

    /// <summary>Returns the character of an escape at a position, and the length of the escape. Null at any other position.</summary>
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
