using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator;

/// <summary>What an emulator has seen and done since it was started: a snapshot that does not change.</summary>
public sealed record EmulatorCounts
{
    internal EmulatorCounts()
    {
    }

    /// <summary>All requests that could be read as HTTP.</summary>
    public long Requests => Submissions + StatusRequests + ListRequests + Uploads + Downloads + OtherRequests;

    /// <summary>
    /// <c>POST /v2/images/generate</c>, <c>/v2/images/upscale</c> and <c>/v2/images/background-remove</c>, refused ones included.
    /// </summary>
    public long Submissions { get; internal set; }

    /// <summary><c>GET /v2/jobs/{id}</c>.</summary>
    public long StatusRequests { get; internal set; }

    /// <summary><c>GET /v2/jobs</c>.</summary>
    public long ListRequests { get; internal set; }

    /// <summary><c>POST /v2/uploads</c>, refused ones included.</summary>
    public long Uploads { get; internal set; }

    /// <summary>Requests for image files, those of jobs and those that were uploaded.</summary>
    public long Downloads { get; internal set; }

    /// <summary>
    /// Requests for image files that carried an <c>X-API-Key</c> header. A client must never send its key to a download host.
    /// </summary>
    public long KeysSentToDownloads { get; internal set; }

    /// <summary>Every other request.</summary>
    public long OtherRequests { get; internal set; }

    /// <summary>Answers with a status of 400 or above that were sent, those of faults included.</summary>
    public long Refusals { get; internal set; }

    /// <summary>Jobs made.</summary>
    public long JobsAccepted { get; internal set; }

    /// <summary>Submissions answered with an earlier job because their idempotency key was known.</summary>
    public long Replays { get; internal set; }

    /// <summary>Events of jobs that the receiver of a webhook took.</summary>
    public long WebhooksDelivered { get; internal set; }

    /// <summary>Jobs made less those that have ended FAILED or CANCELLED and were refunded.</summary>
    public long ImagesBilled { get; internal set; }

    /// <summary>Credits charged less those refunded.</summary>
    public long CreditsBilled { get; internal set; }

    /// <summary>Faults played. Those of a job count when it is accepted.</summary>
    public long Faults => FaultsByName.Values.Sum();

    /// <summary>How often each fault was played, in the order of <see cref="EmulatorFaults.Names"/>; only those that were.</summary>
    public IReadOnlyDictionary<string, long> FaultsByName { get; internal set; } = new Dictionary<string, long>();

    /// <summary>One line with the figures most often looked for.</summary>
    public override string ToString() =>
        $"{Requests} requests, {JobsAccepted} jobs, {Replays} replays, {Refusals} refusals, "
        + $"{ImagesBilled} images billed ({CreditsBilled} credits)"
        + (Faults > 0 ? $", {Faults} faults" : string.Empty);
}
