using System.IO;
using System.Security.Cryptography;

namespace Apiframe.Client;

/// <summary>SHA-256 as 64 hexadecimal digits in lower case.</summary>
internal static class Sha256
{
    public static string Of(byte[] bytes)
    {
        using var sha = SHA256.Create();
        return Hex.Of(sha.ComputeHash(bytes));
    }

    /// <summary>Of what is left of a stream.</summary>
    public static string Of(Stream stream)
    {
        using var sha = SHA256.Create();
        return Hex.Of(sha.ComputeHash(stream));
    }
}
