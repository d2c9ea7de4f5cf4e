using System;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>A refusal for now: too many requests, or a host that is overloaded.</summary>
internal sealed class BusyFault : IFault
{
    private readonly int _status;
    private readonly Func<string?> _retryAfter;

    /// <param name="status">429 or 503.</param>
    /// <param name="retryAfter">The value of the header; null for none.</param>
    public BusyFault(int status, Func<string?> retryAfter)
    {
        _status = status;
        _retryAfter = retryAfter;
    }

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        var refusal = _status == 429 ? JsonAnswer.TooManyRequests() : JsonAnswer.Error(_status, HttpResponse.ReasonPhrase(_status));
        return _retryAfter() is { } value ? refusal.Add("Retry-After", value) : refusal;
    }
}
