using System;

namespace Apiframe.Emulator;

/// <summary>Bytes as hexadecimal digits.</summary>
internal static class Hex
{
#pragma warning disable CA1308 // Digits are lower case by habit of the service, not normalised for comparison.
    public static string Lower(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", string.Empty).ToLowerInvariant();
#pragma warning restore CA1308
}
