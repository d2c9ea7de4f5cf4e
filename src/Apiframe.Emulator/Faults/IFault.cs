using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>What goes wrong with a request or a download.</summary>
internal interface IFault
{
    /// <param name="request">What was asked.</param>
    /// <param name="carryOut">Does it. A fault that does not call this leaves the service as if nothing had been asked.</param>
    /// <param name="random">For what is left open, such as which wrong answer it is.</param>
    HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random);
}
