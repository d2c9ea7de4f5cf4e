using System;
using System.Text.RegularExpressions;

namespace Apiframe.Client;

/// <summary>Rules for web addresses.</summary>
public static class WebUrl
{
    /// <summary>The text that replaces hidden parts of addresses.</summary>
    public const string Hidden = "***";

    /// <summary>Matches up to the last @ before the path, because passwords may be unescaped.</summary>
    private static readonly Regex UserInfo = new(@"(?<=://)[^\s'""<>/?#]*@", RegexOptions.CultureInvariant);

    private static readonly Regex AfterPath = new(@"(?<=://[^\s'""<>?#]*)([?#])[^\s'""<>]+", RegexOptions.CultureInvariant);

    /// <summary>Returns the absolute HTTP or HTTPS URL in <paramref name="text"/>, or null.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? url
            : null;

    /// <summary>Returns whether <see cref="Shown(string)"/> has removed a part of an address.</summary>
    public static bool IsIncomplete(string url) =>
        url.Contains("://" + Hidden + "@") || url.EndsWith("?" + Hidden, StringComparison.Ordinal) || url.EndsWith("#" + Hidden, StringComparison.Ordinal);

    /// <summary>
    /// Returns a text or an address for display or storage. In each address, <see cref="Hidden"/> replaces the user and the password, and the query and the
    /// fragment, which can contain signatures and tokens.
    /// </summary>
    public static string Shown(string text) => text.Contains("://") ? AfterPath.Replace(UserInfo.Replace(text, Hidden + "@"), "$1" + Hidden) : text;
}
