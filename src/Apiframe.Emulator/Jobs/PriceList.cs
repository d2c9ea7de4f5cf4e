namespace Apiframe.Emulator.Jobs;

/// <summary>The emulator's own prices in credits per image. The service's prices are not published; these are made up.</summary>
internal static class PriceList
{
    public const int Lowest = 4;
    public const int Highest = 15;

    public static int CostOf(string? resolution) => resolution switch
    {
        "512px" => Lowest,
        "2K" => 8,
        "4K" => Highest,
        _ => 5,
    };
}
