using System;

namespace Apiframe.Client;

/// <summary>The one rule for what counts as a web address here.</summary>
internal static class WebUrl
{
    /// <summary>The absolute http or https URL in <paramref name="text"/>, or null.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? url
            : null;
}
