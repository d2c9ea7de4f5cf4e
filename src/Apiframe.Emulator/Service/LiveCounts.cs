using System;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Linq;

namespace Apiframe.Emulator.Service;

/// <summary>Counts while the emulator runs; <see cref="EmulatorCounts"/> is what it has counted at one moment.</summary>
internal sealed class LiveCounts
{
    // By the names of the properties of EmulatorCounts.
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _faults = new(StringComparer.Ordinal);

    public void Request(Route route)
    {
        var kind = route.HasRightMethod ? route.Endpoint : Endpoint.None;
        Add(kind switch
        {
            Endpoint.Generate => nameof(EmulatorCounts.Submissions),
            Endpoint.Uploads => nameof(EmulatorCounts.Uploads),
            Endpoint.Jobs => nameof(EmulatorCounts.ListRequests),
            Endpoint.Job => nameof(EmulatorCounts.StatusRequests),
            Endpoint.File => nameof(EmulatorCounts.Downloads),
            _ => nameof(EmulatorCounts.OtherRequests),
        });
        if (kind == Endpoint.File && route.Request.Header(ApiframeService.KeyHeader) is not null)
        {
            Add(nameof(EmulatorCounts.KeysSentToDownloads));
        }
    }

    public void Refusal() => Add(nameof(EmulatorCounts.Refusals));

    public void Replay() => Add(nameof(EmulatorCounts.Replays));

    public void WebhookDelivered() => Add(nameof(EmulatorCounts.WebhooksDelivered));

    public void Fault(string name) => _faults.AddOrUpdate(name, 1, (_, count) => count + 1);

    public EmulatorCounts Snapshot(Billing billing)
    {
        var faults = _faults.ToArray().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var inOrder = EmulatorFaults.Names.Where(faults.ContainsKey).ToDictionary(name => name, name => faults[name], StringComparer.OrdinalIgnoreCase);
        return new EmulatorCounts
        {
            Submissions = Of(nameof(EmulatorCounts.Submissions)),
            StatusRequests = Of(nameof(EmulatorCounts.StatusRequests)),
            ListRequests = Of(nameof(EmulatorCounts.ListRequests)),
            Uploads = Of(nameof(EmulatorCounts.Uploads)),
            Downloads = Of(nameof(EmulatorCounts.Downloads)),
            KeysSentToDownloads = Of(nameof(EmulatorCounts.KeysSentToDownloads)),
            OtherRequests = Of(nameof(EmulatorCounts.OtherRequests)),
            Refusals = Of(nameof(EmulatorCounts.Refusals)),
            Replays = Of(nameof(EmulatorCounts.Replays)),
            WebhooksDelivered = Of(nameof(EmulatorCounts.WebhooksDelivered)),
            JobsAccepted = billing.JobsAccepted,
            ImagesBilled = billing.ImagesBilled,
            CreditsBilled = billing.CreditsBilled,
            FaultsByName = new ReadOnlyDictionary<string, long>(inOrder),
        };
    }

    private void Add(string name) => _counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    private long Of(string name) => _counts.TryGetValue(name, out var count) ? count : 0;
}
