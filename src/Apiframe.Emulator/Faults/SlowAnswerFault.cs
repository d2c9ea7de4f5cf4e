using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The request is carried out at once, and the answer comes late.</summary>
internal sealed class SlowAnswerFault : IFault
{
    private readonly TimeSpan _delay;

    public SlowAnswerFault(TimeSpan delay) => _delay = delay;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) =>
        carryOut(request).With(delivery: Delivery.Late(_delay));
}
