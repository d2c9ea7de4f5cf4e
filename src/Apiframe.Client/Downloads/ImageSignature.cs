using System;

namespace Apiframe.Client.Downloads;

/// <summary>Tells an image format from its leading bytes; the declared type of a download is not to be trusted.</summary>
internal static class ImageSignature
{
    /// <summary>How many leading bytes <see cref="Extension"/> looks at.</summary>
    public const int Length = 12;

    /// <summary>The usual extension with its dot, or null for anything that is no image.</summary>
    public static string? Extension(byte[] start, int count)
    {
        if (Has(start, count, 0, 0xFF, 0xD8, 0xFF))
        {
            return ".jpg";
        }

        if (Has(start, count, 0, 0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A))
        {
            return ".png";
        }

        if (Has(start, count, 0, (byte)'R', (byte)'I', (byte)'F', (byte)'F') && Has(start, count, 8, (byte)'W', (byte)'E', (byte)'B', (byte)'P'))
        {
            return ".webp";
        }

        return Has(start, count, 0, (byte)'G', (byte)'I', (byte)'F', (byte)'8') ? ".gif" : null;
    }

    private static bool Has(byte[] start, int count, int offset, params byte[] signature) =>
        count >= offset + signature.Length && start.AsSpan(offset, signature.Length).SequenceEqual(signature);
}
