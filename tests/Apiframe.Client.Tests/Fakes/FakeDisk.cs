using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Apiframe.Client.Journal;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>
/// A disk with one file. Written bytes survive a crash only after a flush. The disk can be full, a write can be torn, and a flush can be held back.
/// </summary>
internal sealed class FakeDisk
{
    private readonly object _lock = new();
    private List<byte> _durable = [];
    private List<byte> _written = [];
    private int _flushes;

    /// <summary>The number of bytes that the disk has room for.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>An event that each flush waits for before it takes effect, or null.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    /// <summary>The exception that a flush throws, or null.</summary>
    public Exception? FlushFailure { get; set; }

    public bool CannotTruncate { get; set; }

    public bool IsOpen { get; private set; }

    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>The bytes that remain after a crash at this moment.</summary>
    public byte[] Durable
    {
        get
        {
            lock (_lock)
            {
                return [.. _durable];
            }
        }
    }

    /// <summary>The bytes that other programs read at this moment.</summary>
    public byte[] Written
    {
        get
        {
            lock (_lock)
            {
                return [.. _written];
            }
        }
    }

    public string[] Lines => Encoding.UTF8.GetString(Written).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Creates a disk whose file has this content, which is flushed.</summary>
    public static FakeDisk With(byte[] content) => new() { _durable = [.. content], _written = [.. content] };

    /// <summary>Returns the disk as it is after a power failure.</summary>
    public FakeDisk Crashed(int lostLines = 0)
    {
        byte[] left = Durable;
        for (int line = 0; line < lostLines; line++)
        {
            left = left[..(Array.LastIndexOf(left, (byte)'\n', left.Length - 2) + 1)];
        }

        return With(left);
    }

    /// <summary>Opens the file. The path is ignored.</summary>
    public IJournalDisk Open(string path)
    {
        IsOpen = true;
        return new Handle(this);
    }

    public void WriteFromElsewhere(string text)
    {
        lock (_lock)
        {
            _written.AddRange(Encoding.UTF8.GetBytes(text));
        }
    }

    private sealed class Handle(FakeDisk disk) : IJournalDisk
    {
        public Stream Content { get; } = new MemoryStream(disk.Written);

        public long Length => disk.Written.Length;

        public void Append(byte[] buffer, int count)
        {
            lock (disk._lock)
            {
                int taken = Math.Min(count, disk.Room - disk._written.Count);
                disk._written.AddRange(buffer.Take(taken));
                if (taken < count)
                {
                    throw new IOException("No space left on device");
                }
            }
        }

        public void Flush()
        {
            disk.Gate?.Wait(TimeSpan.FromSeconds(30));
            lock (disk._lock)
            {
                if (disk.FlushFailure is { } failure)
                {
                    throw failure;
                }

                disk._durable = [.. disk._written];
                disk._flushes++;
            }
        }

        public void Truncate(long length)
        {
            if (disk.CannotTruncate)
            {
                throw new IOException("Input/output error");
            }

            lock (disk._lock)
            {
                disk._written.RemoveRange((int)length, disk._written.Count - (int)length);
            }
        }

        public void Dispose() => disk.IsOpen = false;
    }
}
