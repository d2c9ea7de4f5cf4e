namespace Apiframe.Client;

/// <summary>Checks amounts of credits. An amount outside its range counts as missing.</summary>
internal static class CreditAmount
{
    /// <summary>Far above any price and any balance, and low enough to add up millions of amounts.</summary>
    private const decimal Maximum = 1_000_000_000_000_000;

    /// <summary>Returns a cost, or null if it is negative or too large.</summary>
    public static decimal? Cost(decimal? told) => told is >= 0 and <= Maximum ? told : null;

    /// <summary>Returns a balance, which can be negative, or null if it is too large.</summary>
    public static decimal? Balance(decimal? told) => told is >= -Maximum and <= Maximum ? told : null;
}
