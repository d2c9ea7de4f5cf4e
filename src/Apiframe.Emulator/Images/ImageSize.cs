using System;
using System.Globalization;

namespace Apiframe.Emulator.Images;

/// <summary>Width and height in pixels. Both are multiples of 16; the area depends on the resolution alone.</summary>
internal readonly struct ImageSize
{
    private const int Grid = 16;
    private const double WidestRatio = 8;

    private ImageSize(int squareSide, double ratio)
    {
        SquareSide = squareSide;
        Width = OnGrid(squareSide * Math.Sqrt(ratio));
        Height = OnGrid(squareSide / Math.Sqrt(ratio));
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Side of the square picture of the same resolution.</summary>
    public int SquareSide { get; }

    /// <param name="resolution">512px, 1K, 2K or 4K; null is 1K.</param>
    /// <param name="aspectRatio">W:H, brought within 1:8 to 8:1. Anything else is square.</param>
    public static ImageSize For(string? resolution, string? aspectRatio)
    {
        var side = resolution switch
        {
            "512px" => 512,
            "2K" => 2048,
            "4K" => 4096,
            _ => 1024,
        };
        return new ImageSize(side, Math.Min(WidestRatio, Math.Max(1 / WidestRatio, RatioOf(aspectRatio))));
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
