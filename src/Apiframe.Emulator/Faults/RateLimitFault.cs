using System;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>A refusal as of too many requests.</summary>
internal sealed class RateLimitFault : IFault
{
    private readonly Func<string?> _retryAfter;

    /// <param name="retryAfter">The value of the header; null for none.</param>
    public RateLimitFault(Func<string?> retryAfter) => _retryAfter = retryAfter;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var refusal = JsonAnswer.TooManyRequests();
        return _retryAfter() is { } value ? refusal.Add("Retry-After", value) : refusal;
    }
}
