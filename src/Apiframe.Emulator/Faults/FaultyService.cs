using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Stands before the service, and at the rates asked for lets requests and downloads go wrong.</summary>
internal sealed class FaultyService(
    Func<Route, HttpResponse> service, IReadOnlyDictionary<string, double> rates, int seed, FaultContext context, Action<string> played)
{
    private long _requests = -1;
    private long _downloads = -1;

    public HttpResponse Answer(Route route)
    {
        if (route.Endpoint != Endpoint.File)
        {
            return Play(FaultTable.Requests, Interlocked.Increment(ref _requests), route, service);
        }

        // Who is in a loop stays there; it is drawn only once whether a client gets in, else it would soon get out.
        if (route.Request.Query.ContainsKey(FaultTable.LoopMark))
        {
            return FaultTable.LoopTo(route);
        }

        var file = service(route);
        if (file.Status >= 300 || route.Request.Query.ContainsKey(FaultTable.RedirectedMark))
        {
            return file;
        }

        return file.Status == 206 && context.ChangedFiles.TryUpdate(route.Name, newValue: true, comparisonValue: false)
            ? file.With("ETag", "\"another\"") with { Body = new([.. file.Body.Select(value => (byte)~value)]) }
            : Play(FaultTable.Downloads, Interlocked.Increment(ref _downloads), route, _ => file);
    }

    private HttpResponse Play(FaultGroup<Func<FaultyCall, HttpResponse>> group, long ordinal, Route route, Func<Route, HttpResponse> carryOut)
    {
        if (group.Draw(rates, seed, ordinal) is not var (name, fault, random))
        {
            return carryOut(route);
        }

        var call = new FaultyCall(route, carryOut, random, context);
        var response = fault(call);

        // A fault that has nothing to do with this request gives the right response, and was not played.
        if (!ReferenceEquals(response, call.RightResponse))
        {
            played(name);
        }

        return response;
    }
}

/// <summary>What faults need of the emulator they are in.</summary>
/// <param name="Duration">How long faults that last hold on.</param>
/// <param name="Clock">The time.</param>
/// <param name="RefuseConnections">Closes the port for <paramref name="Duration"/>.</param>
/// <param name="OtherJob">The response that shows another job than the one with this ID; null if no other job exists.</param>
/// <param name="OtherUri">The emulator under another host name than its own.</param>
internal sealed record FaultContext(
    TimeSpan Duration, Func<DateTimeOffset> Clock, Action RefuseConnections, Func<string, HttpResponse?> OtherJob, Uri OtherUri)
{
    /// <summary>The files that change once while they are downloaded, and whether a part of the changed file has been sent.</summary>
    public ConcurrentDictionary<string, bool> ChangedFiles { get; } = new(StringComparer.Ordinal);
}

/// <summary>A request or a download with which something goes wrong.</summary>
/// <param name="Route">What is asked for.</param>
/// <param name="Service">Does it.</param>
/// <param name="Random">For what is left open, such as which wrong response it is.</param>
/// <param name="Context">The emulator.</param>
internal sealed record FaultyCall(Route Route, Func<Route, HttpResponse> Service, SeededRandom Random, FaultContext Context)
{
    /// <summary>What the service answered; null as long as the request is not carried out.</summary>
    public HttpResponse? RightResponse { get; private set; }

    /// <summary>Does what is asked. A fault that does not call this leaves the service as if nothing had been asked.</summary>
    public HttpResponse CarryOut() => RightResponse = Service(Route);

    /// <summary>Does what is asked, and loses the response.</summary>
    public HttpResponse CarryOutBut(HttpResponse response)
    {
        CarryOut();
        return response;
    }
}
