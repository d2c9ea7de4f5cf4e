using System;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>The images that requests name by their URL. Nothing is fetched from other hosts.</summary>
internal sealed class SourceImages(FilesEndpoint files, int port)
{
    public static string NotFetched(string url) => "The input image could not be fetched: " + url;

    /// <summary>Whether the URL is one of the emulator's own, and its file is not there.</summary>
    public bool IsMissing(string url) => OwnFile(url) is { } name && !files.Has(name);

    /// <summary>What the image at a URL shows; null if it is not the emulator's, or not there, or does not say how large it is.</summary>
    public Func<ulong, Scene>? SceneAt(string url) => OwnFile(url) is { } name ? files.SceneOf(name) : null;

    /// <summary>Whoever asks for this port under another name of this machine asks the emulator too.</summary>
    private string? OwnFile(string text)
    {
        var url = new Uri(text);
        var isOwn = url.IsLoopback && url.Port == port && url.Scheme == Uri.UriSchemeHttp
            && url.AbsolutePath.StartsWith(Route.FilesPath, StringComparison.Ordinal);
        return isOwn ? url.AbsolutePath.Substring(Route.FilesPath.Length) : null;
    }
}
