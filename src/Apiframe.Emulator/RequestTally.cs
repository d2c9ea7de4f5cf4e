using System.Linq;
using System.Threading;
using Apiframe.Emulator.Faults;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator;

/// <summary>Counts requests as they come in, and webhooks as they are delivered.</summary>
internal sealed class RequestTally
{
    private long _submissions;
    private long _statusRequests;
    private long _listRequests;
    private long _uploads;
    private long _downloads;
    private long _keysSentToDownloads;
    private long _otherRequests;
    private long _refusals;
    private long _replays;
    private long _webhooksDelivered;

    public void Submission() => Interlocked.Increment(ref _submissions);

    public void StatusRequest() => Interlocked.Increment(ref _statusRequests);

    public void ListRequest() => Interlocked.Increment(ref _listRequests);

    public void Upload() => Interlocked.Increment(ref _uploads);

    public void OtherRequest() => Interlocked.Increment(ref _otherRequests);

    public void Refusal() => Interlocked.Increment(ref _refusals);

    public void Replay() => Interlocked.Increment(ref _replays);

    public void WebhookDelivered() => Interlocked.Increment(ref _webhooksDelivered);

    public void Download(bool withKey)
    {
        Interlocked.Increment(ref _downloads);
        if (withKey)
        {
            Interlocked.Increment(ref _keysSentToDownloads);
        }
    }

    public EmulatorCounts Snapshot(Billing billing, FaultTally faultTally)
    {
        var faults = faultTally.Snapshot();
        var submissions = Interlocked.Read(ref _submissions);
        var statusRequests = Interlocked.Read(ref _statusRequests);
        var listRequests = Interlocked.Read(ref _listRequests);
        var uploads = Interlocked.Read(ref _uploads);
        var downloads = Interlocked.Read(ref _downloads);
        var otherRequests = Interlocked.Read(ref _otherRequests);
        return new EmulatorCounts
        {
            Requests = submissions + statusRequests + listRequests + uploads + downloads + otherRequests,
            Submissions = submissions,
            StatusRequests = statusRequests,
            ListRequests = listRequests,
            Uploads = uploads,
            Downloads = downloads,
            KeysSentToDownloads = Interlocked.Read(ref _keysSentToDownloads),
            OtherRequests = otherRequests,
            Refusals = Interlocked.Read(ref _refusals),
            Replays = Interlocked.Read(ref _replays),
            WebhooksDelivered = Interlocked.Read(ref _webhooksDelivered),
            JobsAccepted = billing.JobsAccepted,
            ImagesBilled = billing.ImagesBilled,
            CreditsBilled = billing.CreditsBilled,
            Faults = faults.Values.Sum(),
            FaultsByName = faults,
        };
    }
}
