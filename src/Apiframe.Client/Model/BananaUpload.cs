using System;

namespace Apiframe.Client;

/// <summary>A local file that <c>POST /v2/uploads</c> put on the service's short-lived storage, for use as a reference image.</summary>
public sealed class BananaUpload
{
    internal BananaUpload()
    {
    }

    /// <summary>The service's id, a UUID; null if the service gave none.</summary>
    public string? UploadId { get; init; }

    /// <summary>Where the service finds it: what goes into a request as a reference image.</summary>
    public required Uri Url { get; init; }

    /// <summary><c>image</c>; null if the service does not say.</summary>
    public string? Kind { get; init; }

    /// <summary>The type that the service found in the bytes, for example <c>image/png</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long? ByteSize { get; init; }

    /// <summary>When the service deletes it, UTC: one to two hours after the upload.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The address.</summary>
    public override string ToString() => Url.ToString();
}
