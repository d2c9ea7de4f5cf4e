using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Apiframe.Client;

/// <summary>
/// Identifies a text in a large set. A set of hashes is one array. A set of texts keeps one small object for each text, and .NET cannot free the memory around
/// these objects while they exist.
/// </summary>
public static class TextHash
{
    private const int GuidBytes = 16;

    /// <summary>Returns the first 16 bytes of the SHA-256 hash of the characters in UTF-16. Different texts have different hashes.</summary>
    public static Guid Of(string text)
    {
        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(MemoryMarshal.AsBytes(text.AsSpan()).ToArray());
        Array.Resize(ref hash, GuidBytes);
        return new Guid(hash);
    }
}
