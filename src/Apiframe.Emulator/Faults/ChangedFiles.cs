using System;
using System.Collections.Concurrent;
using System.Linq;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator.Faults;

/// <summary>Files that change once, between the two parts of a download that broke off. Each does so once only.</summary>
internal sealed class ChangedFiles
{
    private readonly ConcurrentDictionary<string, bool> _hasCome = new(StringComparer.Ordinal);

    /// <summary>Marks a file, so that the next request for a part of it finds another one.</summary>
    /// <returns>False for a file that was marked before.</returns>
    public bool Mark(string path) => _hasCome.TryAdd(path, false);

    /// <summary>The part of the other file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="file">What should be answered.</param>
    /// <returns>Null if the file is not marked, if the other file was sent already, or if the whole file is asked for.</returns>
    public HttpResponse? PartOfOther(HttpRequest request, HttpResponse file) =>
        file.Status == 206 && _hasCome.TryUpdate(request.Path, true, false)
            ? file.With(body: new ArraySegment<byte>([.. file.Body.Select(value => (byte)~value)])).Replace("ETag", "\"another\"")
            : null;
}
