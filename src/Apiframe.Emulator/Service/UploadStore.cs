using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace Apiframe.Emulator.Service;

/// <summary>A file that a client has uploaded.</summary>
/// <param name="Id">What it is known by.</param>
/// <param name="Extension">What kind of image it is, without the dot.</param>
/// <param name="Content">Empty once it has expired.</param>
/// <param name="CreatedAt">When it came.</param>
/// <param name="ExpiresAt">From then on it is gone.</param>
internal sealed record UploadedFile(Guid Id, string Extension, ArraySegment<byte> Content, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public string FileName => $"{Id:D}.{Extension}";
}

/// <summary>All uploads of the emulator's life; those that have expired only by name.</summary>
internal sealed class UploadStore(TimeSpan lifetime, Func<DateTimeOffset> clock)
{
    /// <summary>Where uploads are among the files.</summary>
    public const string Folder = "uploads/";

    private readonly object _gate = new();
    private readonly ConcurrentDictionary<Guid, UploadedFile> _byId = new();
    private readonly Queue<UploadedFile> _held = new();

    /// <returns>The kind of an image by its first bytes; null for any other file.</returns>
    public static string? ExtensionOf(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n']))
        {
            return "png";
        }

        if (file.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]))
        {
            return "jpg";
        }

        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
        {
            return "gif";
        }

        // Four bytes of length stand between the two marks.
        return file.StartsWith("RIFF"u8) && file.Length >= 12 && file.Slice(8).StartsWith("WEBP"u8) ? "webp" : null;
    }

    public UploadedFile Add(string extension, ArraySegment<byte> content)
    {
        // Whole milliseconds, as timestamps carry no more: a file is then gone exactly at its expiresAt.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock().ToUnixTimeMilliseconds());
        var file = new UploadedFile(Guid.NewGuid(), extension, content, now, now + lifetime);
        lock (_gate)
        {
            // All live equally long, so the oldest expire first.
            while (_held.Count > 0 && _held.Peek().ExpiresAt <= now)
            {
                var expired = _held.Dequeue();
                _byId[expired.Id] = expired with { Content = new([]) };
            }

            _held.Enqueue(file);
            _byId[file.Id] = file;
        }

        return file;
    }

    public UploadedFile? Find(Guid id) => _byId.TryGetValue(id, out var file) ? file : null;
}
