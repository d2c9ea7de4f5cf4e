using System;
using System.Text;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>Who asks for a job gets another one, as from a cache that mixes up its entries. Other requests are answered as they should be.</summary>
internal sealed class ForeignJobFault : IFault
{
    private readonly Func<Guid, (bool IsKnown, Guid? Other)> _otherJob;

    public ForeignJobFault(Func<Guid, (bool IsKnown, Guid? Other)> otherJob) => _otherJob = otherJob;

    public HttpResponse Play(HttpRequest request, Func<HttpRequest, HttpResponse> carryOut, SeededRandom random)
    {
        if (request.Method != "GET" || !JobsEndpoint.TryJobId(request.Path, out var id))
        {
            return carryOut(request);
        }

        var (isKnown, other) = _otherJob(id);
        if (!isKnown)
        {
            return carryOut(request);
        }

        return other is { } known ? carryOut(request.For(JobsEndpoint.PathOf(known))).With() : Renamed(carryOut(request), id);
    }

    /// <summary>The account has no other job, so this one is told under an id that nobody knows.</summary>
    private static HttpResponse Renamed(HttpResponse answer, Guid id)
    {
        var text = Encoding.UTF8.GetString(answer.Body.Array!, answer.Body.Offset, answer.Body.Count);
        return answer.With(body: new ArraySegment<byte>(Encoding.UTF8.GetBytes(text.Replace(id.ToString(), Guid.NewGuid().ToString()))));
    }
}
