using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The connection ends in the middle of the file, as often in good order as by a reset.</summary>
internal sealed class CutDownloadFault : IFault
{
    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var file = carryOut(request);
        return file.With(delivery: Delivery.Cut(file.Body.Count / 2, reset: random.NextDouble() < 0.5));
    }
}
