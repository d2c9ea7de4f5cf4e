using System;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>An error of the service (500, 503), or of a gateway that passed the request on and lost the answer (502, 504).</summary>
internal sealed class ServerErrorFault : IFault
{
    private readonly bool _carriedOut;
    private readonly Func<HttpResponse> _answer;

    private ServerErrorFault(int status, Func<HttpResponse> answer)
    {
        _carriedOut = status is 502 or 504;
        _answer = answer;
    }

    public static ServerErrorFault Json(int status) => new(status, () => JsonAnswer.Error(status, HttpResponse.ReasonPhrase(status)));

    public static ServerErrorFault Html(int status) => new(status, () => HtmlPage.Answer(status, HttpResponse.ReasonPhrase(status)));

    public static ServerErrorFault Empty(int status) => new(status, () => HttpResponse.WithoutBody(status));

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        if (_carriedOut)
        {
            carryOut(request);
        }

        return _answer();
    }
}
