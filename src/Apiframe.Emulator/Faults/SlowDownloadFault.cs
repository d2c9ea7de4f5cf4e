using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The file comes a few bytes at a time, then the rest at once.</summary>
internal sealed class SlowDownloadFault : IFault
{
    private readonly TimeSpan _time;

    public SlowDownloadFault(TimeSpan time) => _time = time;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) =>
        carryOut(request).With(delivery: Delivery.Slow(_time));
}
