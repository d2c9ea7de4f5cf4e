using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Emulator.Service;

/// <summary>The counts of a running emulator. <see cref="EmulatorCounts"/> is a snapshot of them.</summary>
internal sealed class LiveCounts
{
    private static readonly Dictionary<Endpoint, Action<EmulatorCounts>> OfEndpoints = new()
    {
        [Endpoint.Generate] = counts => counts.Submissions++,
        [Endpoint.Upscale] = counts => counts.Submissions++,
        [Endpoint.RemoveBackground] = counts => counts.Submissions++,
        [Endpoint.Uploads] = counts => counts.Uploads++,
        [Endpoint.Jobs] = counts => counts.ListRequests++,
        [Endpoint.Job] = counts => counts.StatusRequests++,
        [Endpoint.File] = counts => counts.Downloads++,
    };

    private readonly EmulatorCounts _counts = new();
    private readonly Dictionary<string, long> _faults = [];

    public void Add(Action<EmulatorCounts> addOne)
    {
        lock (_counts)
        {
            addOne(_counts);
        }
    }

    public void AddRequest(Route route)
    {
        var kind = route.HasRightMethod ? route.Endpoint : Endpoint.None;
        Add(OfEndpoints.TryGetValue(kind, out var addOne) ? addOne : counts => counts.OtherRequests++);
        if (kind == Endpoint.File && route.Request.Header(ApiframeService.KeyHeader) is not null)
        {
            Add(counts => counts.KeysSentToDownloads++);
        }
    }

    public void AddFault(string name) => Add(_ => _faults[name] = _faults.TryGetValue(name, out var count) ? count + 1 : 1);

    public EmulatorCounts Snapshot(Billing billing)
    {
        lock (_counts)
        {
            var played = EmulatorFaults.Names.Where(_faults.ContainsKey);
            return _counts with
            {
                JobsAccepted = billing.JobsAccepted,
                ImagesBilled = billing.ImagesBilled,
                CreditsBilled = billing.CreditsBilled,
                FaultsByName = new ReadOnlyDictionary<string, long>(played.ToDictionary(name => name, name => _faults[name], StringComparer.OrdinalIgnoreCase)),
            };
        }
    }
}
