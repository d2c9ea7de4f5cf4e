using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Apiframe.Client.Webhooks;

/// <summary>Verifies that a webhook was sent by the service.</summary>
public static class WebhookSignature
{
    /// <summary>The header with the signature.</summary>
    public const string HeaderName = "X-Webhook-Signature";

    private const string Prefix = "sha256=";
    private const int DigestBytes = 32;

    /// <summary>Returns the key that signed the body, which is the key that submitted the job.</summary>
    /// <param name="body">The exact bytes of the body. JSON that was parsed and written again has another signature.</param>
    /// <param name="signature">
    /// The value of <see cref="HeaderName"/>: an optional <c>sha256=</c>, and 64 hexadecimal digits of HMAC-SHA256, in any case.
    /// </param>
    /// <param name="apiKeys">The keys that may have submitted the job. Empty keys, and spaces around a key, are ignored.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.WebhookSignatureInvalid"/> if the signature is missing, is not valid, or matches no key.
    /// <see cref="ApiframeErrorKind.MissingApiKey"/> if no key was specified.
    /// </exception>
    /// <remarks>
    /// The secret is the SHA-256 hash of the API key. The published sources differ on whether its 32 bytes or its lowercase hexadecimal text is the key of the
    /// HMAC. Both are accepted. This does not weaken the check, because both are derived from the same secret.
    /// </remarks>
    public static string Verify(byte[] body, string? signature, IEnumerable<string?> apiKeys)
    {
        List<string> keys = apiKeys.Select(key => key?.Trim()).OfType<string>().Where(key => key.Length > 0).Distinct().ToList();
        if (keys.Count == 0)
        {
            throw new ApiframeException(ApiframeErrorKind.MissingApiKey, "No API key was found to verify the webhook's signature.");
        }

        if (string.IsNullOrWhiteSpace(signature))
        {
            throw Invalid($"The webhook is not signed. It has no {HeaderName} header.");
        }

        byte[] given = Parse(signature!.Trim())
            ?? throw Invalid($"The webhook's {HeaderName} header is not a valid signature. A signature is {Prefix} followed by {2 * DigestBytes} hexadecimal digits.");
        return Find(body, given, keys)
            ?? throw Invalid(
                "The webhook's signature was not created from this body with " + (keys.Count == 1 ? "the API key" : $"any of the {keys.Count} API keys")
                + ". Possible causes: the job was submitted with another API key, the body differs from the body that was sent, or the service did not send the webhook.");
    }

    /// <summary>Tries every key in both forms without stopping early, so that the duration reveals nothing about the keys.</summary>
    private static string? Find(byte[] body, byte[] given, List<string> keys)
    {
        string? found = null;
        using var sha = SHA256.Create();
        foreach (string key in keys)
        {
            byte[] secret = sha.ComputeHash(Encoding.UTF8.GetBytes(key));
            bool fits = FixedTimeEquals(Sign(body, secret), given) | FixedTimeEquals(Sign(body, HexText(secret)), given);
            found = fits ? key : found;
        }

        return found;
    }

    private static byte[] Sign(byte[] body, byte[] secret)
    {
        using var hmac = new HMACSHA256(secret);
        return hmac.ComputeHash(body);
    }

    private static byte[] HexText(byte[] bytes) => Encoding.ASCII.GetBytes(Hex.Of(bytes));

    /// <summary>Returns the bytes of a signature, or null if it is not valid.</summary>
    private static byte[]? Parse(string signature)
    {
        string hex = signature.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? signature.Substring(Prefix.Length).Trim() : signature;
        return hex.Length == 2 * DigestBytes && hex.All(Uri.IsHexDigit)
            ? Enumerable.Range(0, DigestBytes).Select(i => (byte)((Uri.FromHex(hex[2 * i]) << 4) | Uri.FromHex(hex[(2 * i) + 1]))).ToArray()
            : null;
    }

    /// <summary>Compares all bytes in constant time. .NET Standard 2.0 has no such method.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static bool FixedTimeEquals(byte[] left, byte[] right)
    {
        int difference = left.Length ^ right.Length;
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference == 0;
    }

    private static ApiframeException Invalid(string message) => new(ApiframeErrorKind.WebhookSignatureInvalid, message);
}
