using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Apiframe.Client.Journal;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>
/// A disk with one file. What is written survives a crash only once it is flushed; the disk may be full, a write may be torn, and a flush may be held.
/// </summary>
internal sealed class FakeDisk
{
    private readonly object _lock = new();
    private List<byte> _durable = [];
    private List<byte> _written = [];
    private int _flushes;

    /// <summary>How many bytes there is room for.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>What each flush waits for before it takes effect; null for nothing.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    /// <summary>What a flush fails with; null if it does not.</summary>
    public Exception? FlushFailure { get; set; }

    /// <summary>Whether cutting off fails too.</summary>
    public bool CannotTruncate { get; set; }

    public bool IsOpen { get; private set; }

    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>What a crash at this moment leaves.</summary>
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

    /// <summary>What other programs see.</summary>
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

    /// <summary>A disk with this in its file, on disk.</summary>
    public static FakeDisk With(byte[] content) => new() { _durable = [.. content], _written = [.. content] };

    /// <summary>The disk after the machine has stopped and started again.</summary>
    public FakeDisk Crashed(int lostLines = 0)
    {
        byte[] left = Durable;
        for (int line = 0; line < lostLines; line++)
        {
            left = left[..(Array.LastIndexOf(left, (byte)'\n', left.Length - 2) + 1)];
        }

        return With(left);
    }

    /// <summary>Opens the file, whatever its path.</summary>
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
