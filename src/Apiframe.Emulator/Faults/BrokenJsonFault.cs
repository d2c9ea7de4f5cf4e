using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The request is carried out and its status is right, but the body cannot be read.</summary>
internal sealed class BrokenJsonFault : IFault
{
    private readonly Func<ArraySegment<byte>, SeededRandom, ArraySegment<byte>> _breaker;

    /// <param name="breaker">Makes the body that is sent of the one that should be.</param>
    public BrokenJsonFault(Func<ArraySegment<byte>, SeededRandom, ArraySegment<byte>> breaker) => _breaker = breaker;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var answer = carryOut(request);
        return answer.With(body: _breaker(answer.Body, random));
    }
}
