using System;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator.Endpoints;

/// <summary>The reference images of a job. Only the emulator's own files are looked at: nothing is fetched from other hosts.</summary>
internal sealed class ImageInputs
{
    private readonly int _port;
    private readonly Func<string, bool> _hasFile;

    /// <param name="baseUri">Where the emulator is.</param>
    /// <param name="hasFile">Whether it has a file under a path.</param>
    public ImageInputs(Uri baseUri, Func<string, bool> hasFile)
    {
        _port = baseUri.Port;
        _hasFile = hasFile;
    }

    /// <returns>The error of a job with these inputs; null if they are all there.</returns>
    public string? ErrorOf(IReadOnlyList<string> urls)
    {
        var missing = urls.FirstOrDefault(url => IsOwnFile(new Uri(url), out var path) && !_hasFile(path));
        return missing is null ? null : "The input image could not be fetched: " + missing;
    }

    /// <summary>Whoever asks for this port under another name of this machine asks the emulator too.</summary>
    private bool IsOwnFile(Uri url, out string path)
    {
        path = url.AbsolutePath;
        return url.IsLoopback && url.Port == _port && url.Scheme == Uri.UriSchemeHttp && FilesEndpoint.IsFilePath(path);
    }
}
