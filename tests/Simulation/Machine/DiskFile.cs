using System;
using System.Collections.Generic;

namespace Simulation.Machine;

/// <summary>The content of a file, as programs read it and as it is on the disk.</summary>
internal sealed class DiskFile(Process? maker)
{
    private readonly List<(Process? Owner, bool IsExclusive)> _locks = [];
    private byte[] _written = [];
    private byte[] _flushed = [];
    private int _length;
    private bool _isFlushed;

    /// <summary>The process that created the file, or null if it existed from the beginning.</summary>
    public Process? Maker => maker;

    public int Length => _length;

    /// <summary>The content as programs read it.</summary>
    public ReadOnlySpan<byte> Content => _written.AsSpan(0, _length);

    /// <summary>The content that certainly remains after a power failure.</summary>
    public ReadOnlySpan<byte> Flushed => _isFlushed ? Content : _flushed;

    /// <summary>Takes a lock. Returns false if another open file excludes it.</summary>
    public bool TryLock(Process? owner, bool isExclusive)
    {
        if (_locks.Exists(other => other.IsExclusive || isExclusive))
        {
            return false;
        }

        if (owner is null or { IsAlive: true })
        {
            _locks.Add((owner, isExclusive));
        }

        return true;
    }

    public void Unlock(Process? owner, bool isExclusive) => _locks.Remove((owner, isExclusive));

    public void Close(Process process) => _locks.RemoveAll(one => one.Owner == process);

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        BeforeChange();
        int end = (int)position + bytes.Length;
        if (end > _written.Length)
        {
            Array.Resize(ref _written, Math.Max(end, 2 * _written.Length));
        }

        bytes.CopyTo(_written.AsSpan((int)position));
        _length = Math.Max(_length, end);
    }

    public void SetLength(long length)
    {
        BeforeChange();
        Array.Resize(ref _written, (int)length);
        _length = (int)length;
    }

    public void Flush() => _isFlushed = true;

    /// <summary>Restores the content on the disk. The first of the bytes that were appended may have reached it.</summary>
    public void LosePower(Dice dice)
    {
        _locks.Clear();
        if (!_isFlushed)
        {
            int kept = Content.StartsWith(_flushed) ? dice.Between(_flushed.Length, _length) : 0;
            _written = kept > 0 ? Content[..kept].ToArray() : _flushed;
            _length = _written.Length;
        }

        _isFlushed = true;
    }

    private void BeforeChange()
    {
        if (_isFlushed)
        {
            _flushed = Content.ToArray();
            _isFlushed = false;
        }
    }
}
