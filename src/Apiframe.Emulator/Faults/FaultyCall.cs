using System;
using System.Collections.Concurrent;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>What faults need of the emulator they are in.</summary>
/// <param name="Duration">How long faults that last hold on.</param>
/// <param name="Clock">The time.</param>
/// <param name="RefuseConnections">Closes the port for <paramref name="Duration"/>.</param>
/// <param name="OtherJob">The response that shows another job than the one with this ID; null if there is no other.</param>
/// <param name="OtherUri">The emulator under another host name than its own.</param>
internal sealed record FaultContext(
    TimeSpan Duration, Func<DateTimeOffset> Clock, Action RefuseConnections, Func<string, HttpResponse?> OtherJob, Uri OtherUri)
{
    /// <summary>The files that change once while they are downloaded, and whether a part of the changed file has been sent.</summary>
    public ConcurrentDictionary<string, bool> ChangedFiles { get; } = new(StringComparer.Ordinal);
}

/// <summary>A request or a download with which something goes wrong.</summary>
/// <param name="route">What is asked for.</param>
/// <param name="carryOut">Does it.</param>
/// <param name="random">For what is left open, such as which wrong response it is.</param>
/// <param name="context">The emulator.</param>
internal sealed class FaultyCall(Route route, Func<Route, HttpResponse> carryOut, SeededRandom random, FaultContext context)
{
    public Route Route => route;

    public SeededRandom Random => random;

    public FaultContext Context => context;

    /// <summary>What the service answered; null as long as the request is not carried out.</summary>
    public HttpResponse? RightResponse { get; private set; }

    /// <summary>Does what is asked. A fault that does not call this leaves the service as if nothing had been asked.</summary>
    public HttpResponse CarryOut() => RightResponse = carryOut(route);

    /// <summary>Does what is asked, and loses the response.</summary>
    public HttpResponse CarryOutBut(HttpResponse response)
    {
        CarryOut();
        return response;
    }
}
