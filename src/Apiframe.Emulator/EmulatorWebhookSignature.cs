namespace Apiframe.Emulator;

/// <summary>How the emulator signs webhooks. Either key is made from the SHA-256 hash of the API key; sources differ on which.</summary>
public enum EmulatorWebhookSignature
{
    /// <summary>The HMAC key is the 32 bytes of the hash.</summary>
    RawBytes,

    /// <summary>The HMAC key is the hash as 64 lower-case hexadecimal digits.</summary>
    HexText,

    /// <summary>No signature is sent.</summary>
    None,
}
