using System;
using System.Globalization;

namespace Apiframe.Emulator.Pictures;

/// <summary>Width and height in pixels. Both are multiples of 16; the area depends on the resolution alone.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="SquareSide">Side of the square picture of the same resolution.</param>
internal readonly record struct PictureSize(int Width, int Height, int SquareSide)
{
    private const int Grid = 16;
    private const double WidestRatio = 8;

    /// <param name="resolution">512px, 1K, 2K or 4K; null is 1K.</param>
    /// <param name="aspectRatio">W:H, brought within 1:8 to 8:1. Anything else is square.</param>
    public static PictureSize For(string? resolution, string? aspectRatio)
    {
        var side = resolution switch
        {
            "512px" => 512,
            "2K" => 2048,
            "4K" => 4096,
            _ => 1024,
        };
        var stretch = Math.Sqrt(Math.Min(WidestRatio, Math.Max(1 / WidestRatio, RatioOf(aspectRatio))));
        return new PictureSize(OnGrid(side * stretch), OnGrid(side / stretch), side);
    }

    private static int OnGrid(double pixels) => (int)Math.Round(pixels / Grid) * Grid;

    private static double RatioOf(string? text)
    {
        var parts = text?.Split(':');
        return parts?.Length == 2 && TryNumber(parts[0], out var width) && TryNumber(parts[1], out var height) ? width / height : 1;
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && number > 0
        && !double.IsInfinity(number);
}
