using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The request is carried out, and its answer says that it is compressed although it is not.</summary>
internal sealed class WrongEncodingFault : IFault
{
    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var answer = carryOut(request);
        return answer.Status < 300 ? answer.With().Add("Content-Encoding", "gzip") : answer;
    }
}
