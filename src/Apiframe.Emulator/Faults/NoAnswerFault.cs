using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The connection ends without an answer, and the client cannot know whether its request was carried out.</summary>
internal sealed class NoAnswerFault : IFault
{
    private readonly bool _carriedOut;
    private readonly bool _reset;

    public NoAnswerFault(bool carriedOut, bool reset)
    {
        _carriedOut = carriedOut;
        _reset = reset;
    }

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        if (_carriedOut)
        {
            carryOut(request);
        }

        return HttpResponse.None(_reset);
    }
}
