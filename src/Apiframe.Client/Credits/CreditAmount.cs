namespace Apiframe.Client;

/// <summary>Which figures can be credits. A service that tells another one tells nothing.</summary>
internal static class CreditAmount
{
    /// <summary>Far above every price and every balance, and low enough for millions of them to be added up.</summary>
    private const decimal Maximum = 1_000_000_000_000_000;

    /// <summary>What something costs: null if it is below zero or beyond all bounds.</summary>
    public static decimal? Cost(decimal? told) => told is >= 0 and <= Maximum ? told : null;

    /// <summary>What somebody has, or owes: null if it is beyond all bounds.</summary>
    public static decimal? Balance(decimal? told) => told is >= -Maximum and <= Maximum ? told : null;
}
