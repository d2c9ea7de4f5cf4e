using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Stands before the service, and at the rates asked for lets requests and downloads go wrong.</summary>
/// <param name="service">The service.</param>
/// <param name="rates">What goes wrong, and how often.</param>
/// <param name="seed">Where the random numbers start.</param>
/// <param name="context">The emulator.</param>
/// <param name="played">Called with the name of each fault that was played.</param>
internal sealed class FaultyService(
    Func<Route, HttpResponse> service, IReadOnlyDictionary<string, double> rates, int seed, FaultContext context, Action<string> played)
{
    private readonly FaultDraws<Func<FaultyCall, HttpResponse>> _requestFaults = FaultTable.Requests.Draws(rates, seed);
    private readonly FaultDraws<Func<FaultyCall, HttpResponse>> _downloadFaults = FaultTable.Downloads.Draws(rates, seed);
    private long _requests = -1;
    private long _downloads = -1;

    public HttpResponse Answer(Route route)
    {
        if (route.Endpoint != Endpoint.File)
        {
            return Play(_requestFaults.Draw(Interlocked.Increment(ref _requests)), route, service);
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
            : Play(_downloadFaults.Draw(Interlocked.Increment(ref _downloads)), route, _ => file);
    }

    private HttpResponse Play(DrawnFault<Func<FaultyCall, HttpResponse>>? drawn, Route route, Func<Route, HttpResponse> carryOut)
    {
        if (drawn is null)
        {
            return carryOut(route);
        }

        var call = new FaultyCall(route, carryOut, drawn.Random, context);
        var response = drawn.Fault(call);

        // A fault that has nothing to do with this request gives the right response, and was not played.
        if (!ReferenceEquals(response, call.RightResponse))
        {
            played(drawn.Name);
        }

        return response;
    }
}
