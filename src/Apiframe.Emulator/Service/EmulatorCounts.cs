using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator;

/// <summary>The counts of an emulator since it was started. A snapshot does not change.</summary>
public sealed record EmulatorCounts
{
    internal EmulatorCounts()
    {
    }

    /// <summary>All requests that were valid HTTP.</summary>
    public long Requests => Submissions + StatusRequests + ListRequests + Uploads + Downloads + OtherRequests;

    /// <summary>
    /// <c>POST /v2/images/generate</c>, <c>/v2/images/upscale</c>, and <c>/v2/images/background-remove</c>, including rejected ones.
    /// </summary>
    public long Submissions { get; internal set; }

    /// <summary><c>GET /v2/jobs/{id}</c>.</summary>
    public long StatusRequests { get; internal set; }

    /// <summary><c>GET /v2/jobs</c>.</summary>
    public long ListRequests { get; internal set; }

    /// <summary><c>POST /v2/uploads</c>, including rejected ones.</summary>
    public long Uploads { get; internal set; }

    /// <summary>Requests for image files of jobs and for uploaded files.</summary>
    public long Downloads { get; internal set; }

    /// <summary>
    /// Requests for image files that contained an <c>X-API-Key</c> header. A client must never send its key to a download host.
    /// </summary>
    public long KeysSentToDownloads { get; internal set; }

    /// <summary>All other requests.</summary>
    public long OtherRequests { get; internal set; }

    /// <summary>Responses with a status of 400 or above that were sent, including those of faults.</summary>
    public long Refusals { get; internal set; }

    /// <summary>Accepted jobs.</summary>
    public long JobsAccepted { get; internal set; }

    /// <summary>Submissions that returned an earlier job because their idempotency key was known.</summary>
    public long Replays { get; internal set; }

    /// <summary>Webhook events that the receiver accepted.</summary>
    public long WebhooksDelivered { get; internal set; }

    /// <summary>Accepted jobs minus those that ended as FAILED or CANCELLED and were refunded.</summary>
    public long ImagesBilled { get; internal set; }

    /// <summary>Charged credits minus refunded credits.</summary>
    public long CreditsBilled { get; internal set; }

    /// <summary>Faults that occurred. Faults of a job count when the job is accepted.</summary>
    public long Faults => FaultsByName.Values.Sum();

    /// <summary>
    /// The number of times that each fault occurred, in the order of <see cref="EmulatorFaults.Names"/>. Faults that did not occur are omitted.
    /// </summary>
    public IReadOnlyDictionary<string, long> FaultsByName { get; internal set; } = new Dictionary<string, long>();

    /// <summary>Returns one line with the most important counts.</summary>
    public override string ToString() =>
        $"{Requests} requests, {JobsAccepted} jobs, {Replays} replays, {Refusals} refusals, "
        + $"{ImagesBilled} images billed ({CreditsBilled} credits)"
        + (Faults > 0 ? $", {Faults} faults" : string.Empty);
}
