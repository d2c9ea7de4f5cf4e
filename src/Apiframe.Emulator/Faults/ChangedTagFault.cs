using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The connection ends in the middle of the file, and the rest that is then asked for is that of another file.</summary>
internal sealed class ChangedTagFault : IFault
{
    private readonly ChangedFiles _files;

    public ChangedTagFault(ChangedFiles files) => _files = files;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var file = carryOut(request);
        return file.Status == 200 && _files.Mark(request.Path)
            ? file.With(delivery: Delivery.Cut(file.Body.Count / 2, reset: false))
            : file;
    }
}
