using System.Linq;

namespace Apiframe.Emulator.Tests;

/// <summary>Files that begin like images. The emulator checks only the beginning.</summary>
internal static class TestFiles
{
    /// <summary>Contains every byte value, and the line ends and dashes that separate the fields of a form.</summary>
    private static readonly byte[] Tail = [.. Enumerable.Range(0, 256).Select(i => (byte)i), .. "\r\n--\r\n----x--\r\n"u8];

    public static byte[] Png { get; } = [0x89, .. "PNG\r\n"u8, 0x1A, .. "\n"u8, .. Tail];

    public static byte[] Of(string kind) => kind switch
    {
        "png" => Png,
        "jpg" => [0xFF, 0xD8, 0xFF, 0xE0, .. Tail],
        "gif87" => [.. "GIF87a"u8, .. Tail],
        "gif89" => [.. "GIF89a"u8, .. Tail],
        "webp" => [.. "RIFF"u8, 0, 1, 2, 3, .. "WEBP"u8, .. Tail],
        "wav" => [.. "RIFF"u8, 0, 1, 2, 3, .. "WAVE"u8, .. Tail],
        "riff" => [.. "RIFF"u8],
        "text" => [.. "a kite"u8],
        _ => [],
    };

    public static byte[] PngOf(int bytes)
    {
        var file = new byte[bytes];
        Png.CopyTo(file, 0);
        return file;
    }
}
