using System;
using System.Security.Cryptography;
using System.Text;

namespace Simulation.Outside;

/// <summary>A webhook that is being transferred.</summary>
/// <param name="Event">The name of the event in its header.</param>
/// <param name="Body">The body.</param>
/// <param name="Signature">The signature in its header, or null if it is not signed.</param>
/// <param name="IsGenuine">Whether the body and the signature are those that the service sent.</param>
internal sealed record Webhook(string Event, byte[] Body, string? Signature, bool IsGenuine)
{
    /// <summary>Creates a webhook that is signed with an API key.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="body">The body.</param>
    /// <param name="apiKey">The key.</param>
    /// <param name="signsWithText">Whether the hexadecimal text of the hash of the key is the secret, instead of its bytes.</param>
    /// <param name="isGenuine">Whether the service sends it.</param>
    public static Webhook Signed(string name, string body, string apiKey, bool signsWithText, bool isGenuine)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));
        byte[] secret = signsWithText ? Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)) : hash;
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return new Webhook(name, bytes, $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(secret, bytes))}", isGenuine);
    }
}
