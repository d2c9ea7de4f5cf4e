using System;

namespace Apiframe.Emulator.Uploads;

/// <summary>A file that a client has uploaded.</summary>
internal sealed class UploadedFile
{
    public UploadedFile(Guid id, ImageKind kind, ArraySegment<byte> content, DateTimeOffset createdAt, DateTimeOffset expiresAt)
    {
        Id = id;
        Kind = kind;
        Content = content;
        CreatedAt = createdAt;
        ExpiresAt = expiresAt;
    }

    public Guid Id { get; }

    public ImageKind Kind { get; }

    public ArraySegment<byte> Content { get; }

    public DateTimeOffset CreatedAt { get; }

    /// <summary>From then on it is gone.</summary>
    public DateTimeOffset ExpiresAt { get; }

    public string FileName => $"{Id:D}.{Kind.Extension}";

    /// <summary>What is left of it once it has expired: that it was there.</summary>
    public UploadedFile WithoutContent() => new(Id, Kind, new ArraySegment<byte>([]), CreatedAt, ExpiresAt);
}
