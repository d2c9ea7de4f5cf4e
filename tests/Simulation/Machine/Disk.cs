using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Simulation.Machine;

/// <summary>
/// The disk of the simulated machine, with the behavior of Unix: locks are advisory, and an open file can be renamed and deleted. Written bytes are in the
/// memory of the system until they are flushed. File names reach the disk in order, at the latest with the next flush of any file.
/// </summary>
internal sealed class Disk(World world)
{
    private const int NoSpace = 28;
    private const int BadDevice = 5;

    private readonly Dictionary<string, DiskFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, DiskFile>>> _unflushedNames = [];
    private Dictionary<string, DiskFile> _flushedFiles = new(StringComparer.Ordinal);

    /// <summary>Whether the disk is full, so that only a part of each write is stored.</summary>
    public bool IsFull { get; set; }

    /// <summary>The probability that a flush fails.</summary>
    public double FlushTrouble { get; set; }

    /// <summary>All files with their paths, sorted by path.</summary>
    public IEnumerable<KeyValuePair<string, DiskFile>> Files => _files.OrderBy(file => file.Key, StringComparer.Ordinal);

    /// <summary>False for the code of a process that has ended, which must have no effect.</summary>
    private bool CanAct => world.Running is null or { IsAlive: true };

    public DiskFile? Find(string path) => _files.GetValueOrDefault(path);

    public bool HasFolder(string path) => _folders.Contains(path);

    public void AddFolder(string path)
    {
        for (string? folder = path; folder is not null && CanAct; folder = Path.GetDirectoryName(folder))
        {
            _folders.Add(folder);
        }
    }

    public DiskFile Create(string path)
    {
        var file = new DiskFile(world.Running);
        Name(names => names[path] = file);
        return file;
    }

    public void Delete(string path) => Name(names => names.Remove(path));

    /// <summary>Renames a file atomically.</summary>
    public void Rename(string path, string newPath) => Name(names =>
    {
        if (names.Remove(path, out DiskFile? file))
        {
            names[newPath] = file;
        }
    });

    /// <summary>Writes bytes at a position. A full disk stores a part of them and then fails.</summary>
    public void Write(DiskFile file, long position, ReadOnlySpan<byte> bytes)
    {
        world.Running?.Step();
        if (!CanAct)
        {
            return;
        }

        if (IsFull && bytes.Length > 0)
        {
            file.Write(position, bytes[..world.Dice.Next(bytes.Length)]);
            throw new IOException("No space left on device", NoSpace);
        }

        file.Write(position, bytes);
        world.Running?.Step();
    }

    public void SetLength(DiskFile file, long length)
    {
        world.Running?.Step();
        if (CanAct)
        {
            file.SetLength(length);
        }
    }

    /// <summary>Flushes a file and all file names.</summary>
    public void Flush(DiskFile file)
    {
        world.Running?.Step();
        if (!CanAct)
        {
            return;
        }

        if (FlushTrouble > 0 && world.Dice.Is(FlushTrouble))
        {
            world.Tell($"cannot flush a file: input/output error");
            throw new IOException("Input/output error", BadDevice);
        }

        file.Flush();
        _unflushedNames.ForEach(change => change(_flushedFiles));
        _unflushedNames.Clear();
        world.Running?.Step();
    }

    /// <summary>Loses everything that was not flushed: the last names, and the end of each file.</summary>
    public void LosePower()
    {
        int kept = world.Dice.Next(_unflushedNames.Count + 1);
        _unflushedNames.Take(kept).ToList().ForEach(change => change(_flushedFiles));
        _unflushedNames.Clear();
        _files.Clear();
        foreach ((string path, DiskFile file) in _flushedFiles)
        {
            file.LosePower(world.Dice);
            _files[path] = file;
        }

        _flushedFiles = new Dictionary<string, DiskFile>(_files, StringComparer.Ordinal);
    }

    public void CloseAll(Process process)
    {
        foreach (DiskFile file in _files.Values)
        {
            file.Close(process);
        }
    }

    private void Name(Action<Dictionary<string, DiskFile>> change)
    {
        world.Running?.Step();
        if (CanAct)
        {
            change(_files);
            _unflushedNames.Add(change);
            world.Running?.Step();
        }
    }
}
