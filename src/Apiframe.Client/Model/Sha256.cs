using System.IO;
using System.Security.Cryptography;

namespace Apiframe.Client;

/// <summary>SHA-256 hashes as 64 lowercase hexadecimal digits.</summary>
internal static class Sha256
{
    public static string Of(byte[] bytes)
    {
        using var sha = SHA256.Create();
        return Hex.Of(sha.ComputeHash(bytes));
    }

    /// <summary>Returns the hash of the rest of a stream.</summary>
    public static string Of(Stream stream)
    {
        using var sha = SHA256.Create();
        return Hex.Of(sha.ComputeHash(stream));
    }
}
