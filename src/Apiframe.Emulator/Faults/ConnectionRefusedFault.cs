using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>The service is down: the port is closed before this client can connect again.</summary>
internal sealed class ConnectionRefusedFault : IFault
{
    private readonly Action _refuseConnections;

    public ConnectionRefusedFault(Action refuseConnections) => _refuseConnections = refuseConnections;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        _refuseConnections();
        return HttpResponse.None(reset: false);
    }
}
