using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Apiframe.Client;

/// <summary>
/// Identifies a text in a set of many texts. A set of hashes is one array. A set of texts keeps a small object for each text, and as long as these objects exist,
/// .NET cannot free the memory between them, which large batches use for jobs.
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
