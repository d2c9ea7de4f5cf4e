using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace Apiframe.Emulator.Uploads;

/// <summary>All uploads of the emulator's life; those that have expired only by name.</summary>
internal sealed class UploadStore
{
    private readonly object _gate = new();
    private readonly TimeSpan _lifetime;
    private readonly Func<DateTimeOffset> _clock;
    private readonly ConcurrentDictionary<Guid, UploadedFile> _byId = new();
    private readonly Queue<UploadedFile> _held = new();

    public UploadStore(double lifetimeSec, Func<DateTimeOffset> clock)
    {
        _lifetime = TimeSpan.FromMilliseconds(Math.Round(lifetimeSec * 1000));
        _clock = clock;
    }

    public DateTimeOffset Now => _clock();

    public UploadedFile Add(ImageKind kind, ArraySegment<byte> content)
    {
        // Whole milliseconds, as timestamps carry no more: a file is then gone exactly at its expiresAt.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Now.ToUnixTimeMilliseconds());
        var file = new UploadedFile(Guid.NewGuid(), kind, content, now, now + _lifetime);
        lock (_gate)
        {
            DropExpired(now);
            _held.Enqueue(file);
            _byId[file.Id] = file;
        }

        return file;
    }

    public UploadedFile? Find(Guid id) => _byId.TryGetValue(id, out var file) ? file : null;

    /// <summary>All live equally long, so the oldest expire first.</summary>
    private void DropExpired(DateTimeOffset now)
    {
        while (_held.Count > 0 && _held.Peek().ExpiresAt <= now)
        {
            var file = _held.Dequeue();
            _byId[file.Id] = file.WithoutContent();
        }
    }
}
