using System;

namespace Apiframe.Client;

/// <summary>A local file that was uploaded to the temporary storage of the service with <c>POST /v2/uploads</c>, for use as a reference image.</summary>
public sealed class BananaUpload
{
    internal BananaUpload()
    {
    }

    /// <summary>The ID of the upload, a UUID, or null.</summary>
    public string? UploadId { get; init; }

    /// <summary>The URL of the upload, which is used as a reference image.</summary>
    public required Uri Url { get; init; }

    /// <summary><c>image</c>, or null.</summary>
    public string? Kind { get; init; }

    /// <summary>The content type that the service has recognized, for example <c>image/png</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The size in bytes.</summary>
    public long? ByteSize { get; init; }

    /// <summary>The time in UTC when the service deletes the upload: one to two hours after the upload.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Returns the URL.</summary>
    public override string ToString() => Url.ToString();
}
