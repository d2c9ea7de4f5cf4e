using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The right file that is said to be text.</summary>
internal sealed class WrongTypeFault : IFault
{
    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) =>
        carryOut(request).With(contentType: "text/plain");
}
