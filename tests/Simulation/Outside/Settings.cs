using System;
using Simulation.Machine;

namespace Simulation.Outside;

/// <summary>The properties of the service in a history, within the limits of its documentation, and the quality of the network.</summary>
internal sealed class Settings
{
    public Settings(Dice dice)
    {
        Trouble = dice.Pick<double>([0, 0.05, 0.15, 0.3, 0.5]);
        Skew = TimeSpan.FromSeconds(dice.Between(-230, 230));
        Retention = TimeSpan.FromHours(dice.Pick<int>([24, 24, 90 * 24]));
        TellsInput = dice.Is(0.8);
        ComparesRequests = dice.Is(0.5);
        TakesOnlyForm = dice.Pick<string?>([null, null, "array", "string"]);
        PageSize = dice.Pick<int>([2, 5, 100]);
        LongestLag = TimeSpan.FromSeconds(dice.Pick<int>([0, 0, 4, 10]));
        FailedShare = dice.Pick<double>([0, 0.1, 0.4]);
        RefundsCancelled = dice.Is(0.6);
        QuotesKey = dice.Is(0.2);
        Ranges = dice.Is(0.7);
        ServiceForgets = dice.Pick<TimeSpan>([TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromDays(30)]);
        WebhookTrouble = dice.Pick<double>([0, 0.3, 0.6, 0.9]);
        SignsWithText = dice.Is(0.5);
        EventField = dice.Pick<string?>(["event", "type", null]);
        SendsOnlyUrl = dice.Is(0.5);
    }

    /// <summary>The probability that the network or the service fails a request. It is 0 after the faults end.</summary>
    public double Trouble { get; set; }

    /// <summary>The time by which the clock of the service is ahead of the clock of the machine.</summary>
    public TimeSpan Skew { get; }

    /// <summary>The time for which images are stored.</summary>
    public TimeSpan Retention { get; }

    /// <summary>The time for which an idempotency key is known.</summary>
    public TimeSpan ServiceForgets { get; }

    public bool TellsInput { get; }

    /// <summary>Whether a known key with another request is a conflict.</summary>
    public bool ComparesRequests { get; }

    /// <summary>The only form of reference images that is accepted, or null if both are accepted.</summary>
    public string? TakesOnlyForm { get; }

    /// <summary>The maximum number of jobs on a page, regardless of the requested number.</summary>
    public int PageSize { get; }

    /// <summary>The maximum time for which an accepted job is not found and a finished image is missing.</summary>
    public TimeSpan LongestLag { get; }

    /// <summary>The probability that a job fails.</summary>
    public double FailedShare { get; set; }

    /// <summary>Whether a job that the service cancels is refunded. The documentation promises this only for failed jobs.</summary>
    public bool RefundsCancelled { get; }

    public bool QuotesKey { get; }

    /// <summary>Whether the image host supports range requests.</summary>
    public bool Ranges { get; }

    /// <summary>The probability of a fault on the way of a webhook. It does not become 0 when the other faults end.</summary>
    public double WebhookTrouble { get; }

    /// <summary>Whether the hexadecimal text of the hash of the key signs webhooks, instead of its bytes. Both are published.</summary>
    public bool SignsWithText { get; }

    /// <summary>The field of a webhook that contains the name of the event, or null if only the header contains it.</summary>
    public string? EventField { get; }

    /// <summary>Whether the result in a webhook is a URL, instead of an object with a list.</summary>
    public bool SendsOnlyUrl { get; }

    public override string ToString() =>
        $"trouble {Trouble}, clock {Skew:c}, retention {Retention.TotalHours} h, {(TellsInput ? "tells" : "hides")} input, {(ComparesRequests ? "compares" : "does not compare")} "
        + $"requests, form {TakesOnlyForm ?? "any"}, pages of {PageSize}, lag {LongestLag.TotalSeconds} s, {FailedShare:P0} fail, cancelled jobs are {(RefundsCancelled ? "refunded" : "billed")}, keys for {ServiceForgets.TotalHours} h, "
        + $"webhook trouble {WebhookTrouble}, signed with the {(SignsWithText ? "text" : "bytes")} of the hash";
}
