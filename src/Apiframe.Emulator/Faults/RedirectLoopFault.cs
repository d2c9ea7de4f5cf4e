using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>A redirect to itself.</summary>
internal sealed class RedirectLoopFault : IFault
{
    private const string Mark = "loop";

    /// <summary>Whether the client is in the loop. It is drawn only once whether it gets in, else it would soon get out.</summary>
    public static bool HasCaught(HttpRequest request) => request.Query.ContainsKey(Mark);

    public static HttpResponse Answer(HttpRequest request) => HttpResponse.Redirect(request.Path + "?" + Mark);

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random) => Answer(request);
}
