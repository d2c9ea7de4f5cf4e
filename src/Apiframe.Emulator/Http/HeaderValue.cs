using System;
using System.Collections.Generic;
using System.Text;

namespace Apiframe.Emulator.Http;

/// <summary>A header value with parameters: <c>form-data; name="file"</c>.</summary>
internal sealed class HeaderValue
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private HeaderValue(string text) => Text = text;

    /// <summary>What stands before the parameters, in lower or upper case as sent.</summary>
    public string Text { get; }

    /// <returns>Null for a text that cannot be read whole, and when a parameter is there twice.</returns>
    public static HeaderValue? Parse(string text)
    {
        var at = text.IndexOf(';');
        var value = new HeaderValue((at < 0 ? text : text.Substring(0, at)).Trim());
        while (at >= 0 && at < text.Length)
        {
            if (text[at] != ';' || !value.TryReadParameter(text, ref at))
            {
                return null;
            }
        }

        return value.Text.Length > 0 ? value : null;
    }

    public bool Is(string text) => Text.Equals(text, StringComparison.OrdinalIgnoreCase);

    public string? Parameter(string name) => _parameters.TryGetValue(name, out var value) ? value : null;

    /// <param name="text">The whole value.</param>
    /// <param name="at">The semicolon before the parameter; afterwards that behind it, or the end.</param>
    private bool TryReadParameter(string text, ref int at)
    {
        var equals = text.IndexOf('=', at);
        if (equals < 0)
        {
            return false;
        }

        var name = text.Substring(at + 1, equals - at - 1).Trim();
        at = equals + 1;
        var value = at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at) : ReadToken(text, ref at);
        if (name.Length == 0 || name.IndexOf(';') >= 0 || value is null || _parameters.ContainsKey(name))
        {
            return false;
        }

        _parameters.Add(name, value);
        return true;
    }

    private static string ReadToken(string text, ref int at)
    {
        var start = at;
        var end = text.IndexOf(';', start);
        at = end < 0 ? text.Length : end;
        return text.Substring(start, at - start).Trim();
    }

    private static string? ReadQuoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        if (at == text.Length)
        {
            return null;
        }

        for (at++; at < text.Length && text[at] is ' ' or '\t';)
        {
            at++;
        }

        return value.ToString();
    }
}
