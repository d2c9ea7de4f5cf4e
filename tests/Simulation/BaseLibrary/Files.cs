using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Simulation.Machine;

namespace Apiframe.Client;

/// <summary>The part of System.IO.File that the client uses, on the simulated disk.</summary>
public static class File
{
    private static Disk Disk => World.Current.Disk;

    public static bool Exists(string path) => Disk.Find(path) is not null;

    public static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    public static byte[] ReadAllBytes(string path) => Required(path).Content.ToArray();

    public static void Delete(string path)
    {
        if (Exists(path))
        {
            Disk.Delete(path);
        }
    }

    public static void Move(string path, string newPath)
    {
        Required(path);
        if (Exists(newPath))
        {
            throw new IOException("File exists", 17);
        }

        Disk.Rename(path, newPath);
    }

    public static void Replace(string path, string newPath, string? destinationBackupFileName)
    {
        Required(path);
        Required(newPath);
        Disk.Rename(path, newPath);
    }

    internal static DiskFile Required(string path) => Disk.Find(path) ?? throw new FileNotFoundException("Could not find file", path);
}

/// <summary>The part of System.IO.Directory that the client uses.</summary>
public static class Directory
{
    public static bool Exists(string path) => World.Current.Disk.HasFolder(path);

    public static void CreateDirectory(string path) => World.Current.Disk.AddFolder(path);

    public static IEnumerable<string> EnumerateFiles(string folder, string pattern = "*") => World.Current.Disk.Files
        .Select(file => file.Key)
        .Where(path => Path.GetDirectoryName(path) == folder && path.EndsWith(pattern.TrimStart('*'), StringComparison.Ordinal))
        .ToList();
}

/// <summary>The part of System.IO.FileInfo that the client uses.</summary>
public sealed class FileInfo(string path)
{
    public string FullName => path;

    public string Name => Path.GetFileName(path);

    public string Extension => Path.GetExtension(path);

    public bool Exists => File.Exists(path);

    public long Length => File.Required(path).Length;
}

/// <summary>An open file on the simulated disk.</summary>
public sealed class FileStream : Stream
{
    private static readonly int WouldBlock =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? 32 : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? 11 : 35;

    private readonly Process? _owner = World.Current.Running;
    private readonly DiskFile _file;
    private readonly bool _isExclusive;
    private readonly string? _deleteOnClose;
    private bool _isClosed;

    public FileStream(
        string path, FileMode mode, FileAccess access, FileShare share = FileShare.Read, int bufferSize = 4096, FileOptions options = FileOptions.None)
    {
        Disk disk = World.Current.Disk;
        DiskFile? found = disk.Find(path);
        if (mode == FileMode.CreateNew && found is not null)
        {
            throw new IOException("File exists", 17);
        }

        _file = found ?? (mode == FileMode.Open ? throw new FileNotFoundException("Could not find file", path) : disk.Create(path));
        _isExclusive = share == FileShare.None;
        if (!_file.TryLock(_owner, _isExclusive))
        {
            throw new IOException("The process cannot access the file because it is being used by another process.", WouldBlock);
        }

        CanWrite = access != FileAccess.Read;
        _deleteOnClose = options.HasFlag(FileOptions.DeleteOnClose) ? path : null;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite { get; }

    public override long Length => _file.Length;

    public override long Position { get; set; }

    public override void Flush()
    {
    }

    public void Flush(bool flushToDisk)
    {
        if (flushToDisk)
        {
            World.Current.Disk.Flush(_file);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Max(0, Math.Min(buffer.Length, (int)(_file.Length - Position)));
        _file.Content.Slice((int)Math.Min(Position, _file.Length), count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => Length + offset };

    public override void SetLength(long value)
    {
        World.Current.Disk.SetLength(_file, value);
        Position = Math.Min(Position, value);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        World.Current.Disk.Write(_file, Position, buffer.AsSpan(offset, count));
        Position += count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _file.Unlock(_owner, _isExclusive);
            if (_deleteOnClose is not null)
            {
                File.Delete(_deleteOnClose);
            }
        }

        base.Dispose(disposing);
    }
}
