using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Receives the requests before the service, and makes requests and downloads fail at the configured rates.</summary>
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

        // A request in a redirect loop stays there. A new draw for each redirect would soon end the loop.
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

        // A fault that does not apply to this request returns the right response, so it does not count.
        if (!ReferenceEquals(response, call.RightResponse))
        {
            played(name);
        }

        return response;
    }
}

/// <summary>The parts of the emulator that faults use.</summary>
/// <param name="Duration">The fault duration.</param>
/// <param name="Clock">Returns the current time.</param>
/// <param name="RefuseConnections">Closes the port for <paramref name="Duration"/>.</param>
/// <param name="OtherJob">Returns a response with another job than the one with this ID, or null if no other job exists.</param>
/// <param name="OtherUri">The address of the emulator under another host name.</param>
internal sealed record FaultContext(
    TimeSpan Duration, Func<DateTimeOffset> Clock, Action RefuseConnections, Func<string, HttpResponse?> OtherJob, Uri OtherUri)
{
    /// <summary>The files that change once during a download, each with whether a part of the changed file has been sent.</summary>
    public ConcurrentDictionary<string, bool> ChangedFiles { get; } = new(StringComparer.Ordinal);
}

/// <summary>A request or a download that a fault affects.</summary>
/// <param name="Route">The requested endpoint.</param>
/// <param name="Service">The service that processes the request.</param>
/// <param name="Random">Random numbers for the variants of a fault, such as the kind of wrong response.</param>
/// <param name="Context">The parts of the emulator that faults use.</param>
internal sealed record FaultyCall(Route Route, Func<Route, HttpResponse> Service, SeededRandom Random, FaultContext Context)
{
    /// <summary>The response of the service, or null until the request is processed.</summary>
    public HttpResponse? RightResponse { get; private set; }

    /// <summary>Processes the request. If a fault does not call this method, the request has no effect on the service.</summary>
    public HttpResponse CarryOut() => RightResponse = Service(Route);

    public HttpResponse CarryOutBut(HttpResponse response)
    {
        CarryOut();
        return response;
    }
}
