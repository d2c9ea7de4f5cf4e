using System;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The host no longer has the file, or says so.</summary>
internal sealed class GoneFault : IFault
{
    private readonly int _status;

    public GoneFault(int status) => _status = status;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) =>
        JsonAnswer.Error(_status, HttpResponse.ReasonPhrase(_status));
}
