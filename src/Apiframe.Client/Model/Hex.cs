using System;

namespace Apiframe.Client;

/// <summary>Bytes as lowercase hexadecimal digits.</summary>
internal static class Hex
{
    public static string Of(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", string.Empty).ToLowerInvariant();
}
