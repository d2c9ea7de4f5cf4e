using System;
using Simulation.Machine;

namespace Simulation.Outside;

/// <summary>What the service of a history is like, within what its documents allow, and how the network treats it.</summary>
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
    }

    /// <summary>How often the network or the service fails a request; 0 once the world is well.</summary>
    public double Trouble { get; set; }

    /// <summary>How far the service's clock is ahead of the machine's.</summary>
    public TimeSpan Skew { get; }

    /// <summary>How long images are stored.</summary>
    public TimeSpan Retention { get; }

    /// <summary>How long an idempotency key is known.</summary>
    public TimeSpan ServiceForgets { get; }

    /// <summary>Whether a job tells what it was asked for.</summary>
    public bool TellsInput { get; }

    /// <summary>Whether a key with another request is a conflict.</summary>
    public bool ComparesRequests { get; }

    /// <summary>The only form of reference images that is accepted; null for both.</summary>
    public string? TakesOnlyForm { get; }

    /// <summary>The most jobs on a page, whatever was asked for.</summary>
    public int PageSize { get; }

    /// <summary>For how long a job may be denied after it was accepted, and an image missing after it was made.</summary>
    public TimeSpan LongestLag { get; }

    /// <summary>How many jobs fail.</summary>
    public double FailedShare { get; set; }

    /// <summary>Whether a job that the service cancels costs nothing. The documents promise that for failed jobs only.</summary>
    public bool RefundsCancelled { get; }

    /// <summary>Whether errors repeat the key.</summary>
    public bool QuotesKey { get; }

    /// <summary>Whether the image host sends the rest of an image.</summary>
    public bool Ranges { get; }

    public override string ToString() =>
        $"trouble {Trouble}, clock {Skew:c}, retention {Retention.TotalHours} h, {(TellsInput ? "tells" : "hides")} input, {(ComparesRequests ? "compares" : "does not compare")} "
        + $"requests, form {TakesOnlyForm ?? "any"}, pages of {PageSize}, lag {LongestLag.TotalSeconds} s, {FailedShare:P0} fail, cancelled jobs are {(RefundsCancelled ? "refunded" : "billed")}, keys for {ServiceForgets.TotalHours} h";
}
