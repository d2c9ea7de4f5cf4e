using System;
using System.Text.RegularExpressions;

namespace Apiframe.Client;

/// <summary>The one rule for what counts as a web address here.</summary>
public static class WebUrl
{
    /// <summary>Stands for what is not shown.</summary>
    public const string Hidden = "***";

    /// <summary>Up to the last @ before the path, for passwords that nobody has escaped.</summary>
    private static readonly Regex UserInfo = new(@"(?<=://)[^\s'""<>/?#]*@", RegexOptions.CultureInvariant);

    private static readonly Regex AfterPath = new(@"(?<=://[^\s'""<>?#]*)([?#])[^\s'""<>]+", RegexOptions.CultureInvariant);

    /// <summary>The absolute http or https URL in <paramref name="text"/>, or null.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? url
            : null;

    /// <summary>Whether <see cref="Shown(string)"/> removed a part of an address.</summary>
    public static bool IsIncomplete(string url) =>
        url.Contains("://" + Hidden + "@") || url.EndsWith("?" + Hidden, StringComparison.Ordinal) || url.EndsWith("#" + Hidden, StringComparison.Ordinal);

    /// <summary>
    /// A text, or an address, as it may be shown or written down: in each address, what lets somebody in is replaced by <see cref="Hidden"/>, user and password
    /// as well as query and fragment, where signatures and tokens are.
    /// </summary>
    public static string Shown(string text) => text.Contains("://") ? AfterPath.Replace(UserInfo.Replace(text, Hidden + "@"), "$1" + Hidden) : text;
}
