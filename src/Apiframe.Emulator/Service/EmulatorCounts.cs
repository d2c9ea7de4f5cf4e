using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator;

/// <summary>What an emulator has seen and done since it was started: a snapshot that does not change.</summary>
public sealed class EmulatorCounts
{
    internal EmulatorCounts()
    {
    }

    /// <summary>All requests that could be read as HTTP.</summary>
    public long Requests => Submissions + StatusRequests + ListRequests + Uploads + Downloads + OtherRequests;

    /// <summary><c>POST /v2/images/generate</c>, refused ones included.</summary>
    public long Submissions { get; internal init; }

    /// <summary><c>GET /v2/jobs/{id}</c>.</summary>
    public long StatusRequests { get; internal init; }

    /// <summary><c>GET /v2/jobs</c>.</summary>
    public long ListRequests { get; internal init; }

    /// <summary><c>POST /v2/uploads</c>, refused ones included.</summary>
    public long Uploads { get; internal init; }

    /// <summary>Requests for image files, those of jobs and those that were uploaded.</summary>
    public long Downloads { get; internal init; }

    /// <summary>
    /// Requests for image files that carried an <c>X-API-Key</c> header. A client must never send its key to a download host.
    /// </summary>
    public long KeysSentToDownloads { get; internal init; }

    /// <summary>Every other request.</summary>
    public long OtherRequests { get; internal init; }

    /// <summary>Answers with a status of 400 or above that were sent, those of faults included.</summary>
    public long Refusals { get; internal init; }

    /// <summary>Jobs made.</summary>
    public long JobsAccepted { get; internal init; }

    /// <summary>Submissions answered with an earlier job because their idempotency key was known.</summary>
    public long Replays { get; internal init; }

    /// <summary>Events of jobs that the receiver of a webhook took.</summary>
    public long WebhooksDelivered { get; internal init; }

    /// <summary>Jobs made less those that have ended FAILED or CANCELLED and were refunded.</summary>
    public long ImagesBilled { get; internal init; }

    /// <summary>Credits charged less those refunded.</summary>
    public long CreditsBilled { get; internal init; }

    /// <summary>Faults played. Those of a job count when it is accepted.</summary>
    public long Faults => FaultsByName.Values.Sum();

    /// <summary>How often each fault was played, in the order of <see cref="EmulatorFaults.Names"/>; only those that were.</summary>
    public IReadOnlyDictionary<string, long> FaultsByName { get; internal init; } = new Dictionary<string, long>();

    /// <summary>One line with the figures most often looked for.</summary>
    public override string ToString() =>
        $"{Requests} requests, {JobsAccepted} jobs, {Replays} replays, {Refusals} refusals, "
        + $"{ImagesBilled} images billed ({CreditsBilled} credits)"
        + (Faults > 0 ? $", {Faults} faults" : string.Empty);
}
