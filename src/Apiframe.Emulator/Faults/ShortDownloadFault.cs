using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>Half of the file, and a length that says that this is all.</summary>
internal sealed class ShortDownloadFault : IFault
{
    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var file = carryOut(request);
        return file.With(body: new ArraySegment<byte>(file.Body.Array!, file.Body.Offset, file.Body.Count / 2));
    }
}
