namespace Apiframe.Client;

/// <summary>What the image of an error has cost.</summary>
public enum Charge
{
    /// <summary>Nothing: the request was rejected before it was sent.</summary>
    NotSent,

    /// <summary>Nothing: the service did not accept the request.</summary>
    Nothing,

    /// <summary>Unknown: the service may have accepted the request.</summary>
    Perhaps,

    /// <summary>The image is billed.</summary>
    Billed,

    /// <summary>Nothing: the job was billed, ended without an image, and was refunded.</summary>
    Refunded,
}
