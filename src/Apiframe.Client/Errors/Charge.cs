namespace Apiframe.Client;

/// <summary>What the image that an error is about has cost.</summary>
public enum Charge
{
    /// <summary>Nothing: the request was refused before it was sent.</summary>
    NotSent,

    /// <summary>Nothing: the service did not accept the request.</summary>
    Nothing,

    /// <summary>Not known: the service may have accepted the request.</summary>
    Perhaps,

    /// <summary>The image is billed.</summary>
    Billed,

    /// <summary>Nothing in the end: the job was billed, ended without an image, and its credits were given back.</summary>
    Refunded,
}
