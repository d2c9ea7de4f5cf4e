namespace Apiframe.Emulator.Service;

/// <summary>The emulator's own prices in credits per image. The service's prices are not published; these are made up.</summary>
/// <param name="every">What every image costs; 0 for prices by resolution.</param>
internal sealed class PriceList(int every)
{
    public int Lowest => CostOf("512px");

    public int Highest => CostOf("4K");

    public int CostOf(string? resolution) => resolution switch
    {
        _ when every > 0 => every,
        "512px" => 4,
        "2K" => 8,
        "4K" => 15,
        _ => 5,
    };
}
