using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Apiframe.Emulator.Service;

/// <summary>Signs the bodies of webhooks with what is made from the API key.</summary>
internal sealed class WebhookSigner
{
    private readonly byte[]? _hmacKey;

    public WebhookSigner(string apiKey, EmulatorWebhookSignature signature)
    {
        using var sha256 = SHA256.Create();
        var hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(apiKey));
        _hmacKey = signature switch
        {
            EmulatorWebhookSignature.RawBytes => hash,
            EmulatorWebhookSignature.HexText => Encoding.ASCII.GetBytes(Hex(hash)),
            _ => null,
        };
    }

    /// <returns>The value of the header; null for none.</returns>
    public string? Sign(ArraySegment<byte> body)
    {
        if (_hmacKey is null)
        {
            return null;
        }

        using var hmac = new HMACSHA256(_hmacKey);
        return "sha256=" + Hex(hmac.ComputeHash(body.Array!, body.Offset, body.Count));
    }

    private static string Hex(byte[] bytes) => string.Concat(bytes.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
}
