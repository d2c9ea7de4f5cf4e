using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Client;

/// <summary>Common checks of the values of requests.</summary>
internal static class OptionCheck
{
    public static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value!.Trim();

    /// <summary>Returns the documented spelling of a value in any case, or null.</summary>
    public static string? Known(IReadOnlyList<string> known, string given) =>
        known.FirstOrDefault(one => string.Equals(one, given, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the position of a half of a surrogate pair in a text, or null.</summary>
    public static int? HalfCharacter(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return null;
    }

    public static ApiframeException NotAllowed(string name, string given, IReadOnlyList<string> allowed) =>
        ApiframeException.NotSent($"{name} '{ShownText.Excerpt(given)}' is not allowed. Use one of these values: {string.Join(", ", allowed)}.");
}
