using System;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>The images that requests refer to by URL. No image is requested from another host.</summary>
internal sealed class SourceImages(FilesEndpoint files, int port)
{
    public static string NotFetched(string url) => "The input image could not be fetched: " + url;

    /// <summary>Whether the URL refers to a file of the emulator that does not exist.</summary>
    public bool IsMissing(string url) => OwnFile(url) is { } name && !files.Has(name);

    /// <summary>Returns what the image at a URL shows. Null if it is not an image of the emulator, does not exist, or has an unknown size.</summary>
    public Func<ulong, Scene>? SceneAt(string url) => OwnFile(url) is { } name ? files.SceneOf(name) : null;

    /// <summary>Returns the name of a file of the emulator. This port under another name of this computer is also the emulator.</summary>
    private string? OwnFile(string text)
    {
        var url = new Uri(text);
        var isOwn = url.IsLoopback && url.Port == port && url.Scheme == Uri.UriSchemeHttp
            && url.AbsolutePath.StartsWith(Route.FilesPath, StringComparison.Ordinal);
        return isOwn ? url.AbsolutePath.Substring(Route.FilesPath.Length) : null;
    }
}
