using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace Apiframe.Client;

/// <summary>SHA-256 as 64 hexadecimal digits in lower case.</summary>
internal static class Sha256
{
    public static string Of(byte[] bytes)
    {
        using var sha = SHA256.Create();
        return Text(sha.ComputeHash(bytes));
    }

    /// <summary>Of what is left of a stream.</summary>
    public static string Of(Stream stream)
    {
        using var sha = SHA256.Create();
        return Text(sha.ComputeHash(stream));
    }

    private static string Text(byte[] hash) => string.Concat(hash.Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
}
