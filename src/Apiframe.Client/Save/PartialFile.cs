using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Apiframe.Client.Save;

/// <summary>A file under construction beside its target: it becomes the target in one step, or it is gone.</summary>
public sealed class PartialFile : IDisposable
{
    /// <summary>Marks our own, so that nobody else's file is ever taken for an orphan.</summary>
    private const string Suffix = ".banana.partial";

    /// <summary>None: what is written here comes in large pieces already.</summary>
    private const int BufferSize = 1;

    private const int MaximumCreations = 3;

    private static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>The paths of this process's own, for the moments in which they are not locked.</summary>
    private static readonly ConcurrentDictionary<string, bool> UnderWay = new();

    private readonly string _target;
    private string _path = string.Empty;
    private FileStream? _stream;

    /// <summary>Creates the file under a name of its own.</summary>
    /// <param name="target">The path that the file will have, as far as it is known. No two partial files share a name.</param>
    public PartialFile(string target)
    {
        _target = target;
        _stream = Create();
    }

    /// <summary>For a writer that has a buffer of its own; <see cref="Length"/> knows nothing of what goes this way.</summary>
    public Stream Content => _stream!;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>What the bytes so far are of; null if that is not known.</summary>
    internal FileVersion? Version { get; set; }

    /// <summary>Whether a file of this name is under construction, or was.</summary>
    public static bool IsPartial(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Deletes what a process that was killed has left in a folder. A file under way is locked by its owner and stays.</summary>
    public static void RemoveOrphans(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Suffix).Where(path => !UnderWay.ContainsKey(path)))
        {
            try
            {
                using var orphan = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, BufferSize, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Under way, or not ours to delete; in neither case is it in anybody's way.
            }
        }
    }

    /// <summary>Adds bytes. Synchronous: the pieces are large and few, and asynchronous files cost a thread each outside Windows.</summary>
    public void Write(byte[] buffer, int count)
    {
        _stream!.Write(buffer, 0, count);
        Length += count;
    }

    /// <summary>Throws away what was written. Also mends a file that <see cref="MoveTo"/> did not find any more.</summary>
    public void Restart()
    {
        if (_stream is null)
        {
            _stream = Create();
        }

        _stream.SetLength(0);
        Length = 0;
        Version = null;
    }

    /// <summary>The image format of what was written; null if it is not a whole image.</summary>
    internal ImageFormat? WholeImage()
    {
        ImageFormat? format = ImageFormat.OfWhole(_stream!);
        _stream!.Position = Length;
        return format;
    }

    /// <summary>Gives the file its name. May be called again after the name was taken.</summary>
    /// <exception cref="FileNotFoundException">Somebody took the partial file away.</exception>
    /// <exception cref="IOException">The name is taken and <paramref name="overwrite"/> is false, or the disk did not take the bytes.</exception>
    public FileInfo MoveTo(string path, bool overwrite)
    {
        _stream?.Flush(flushToDisk: true);
        if (IsWindows)
        {
            Close();
        }

        try
        {
            // While it is locked: between unlocking and renaming, another process would take it for an orphan.
            Rename(path, overwrite);
        }
        catch (IOException) when (_stream is not null)
        {
            // Some file systems rename no file that is open.
            Close();
            Rename(path, overwrite);
        }

        Close();
        return new FileInfo(path);
    }

    /// <summary>Whether another file has the same bytes.</summary>
    internal bool IsSameAs(string path)
    {
        Close();
        return new FileInfo(path).Length == Length && Hash(path) == Hash(_path);
    }

    /// <summary>Deletes the file, unless it has become its target.</summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        catch (IOException)
        {
            // Writing the rest of the buffer failed, as on a full disk; the file is on its way out anyway.
        }

        File.Delete(_path);
        UnderWay.TryRemove(_path, out _);
    }

    private static string Hash(string path)
    {
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Sha256.Of(content);
    }

    private void Close()
    {
        FileStream? stream = _stream;
        _stream = null;
        stream?.Dispose();
    }

    private void Rename(string path, bool overwrite)
    {
        if (overwrite)
        {
            try
            {
                File.Replace(_path, path, destinationBackupFileName: null);
                return;
            }
            catch (FileNotFoundException) when (File.Exists(_path))
            {
                // There is nothing to replace, or only a symbolic link to nothing.
                File.Delete(path);
            }
        }

        File.Move(_path, path);
    }

    private FileStream Create()
    {
        for (int creations = 1; ; creations++)
        {
            UnderWay.TryRemove(_path, out _);
            _path = _target + "." + Path.GetRandomFileName().Substring(0, 8) + Suffix;
            UnderWay[_path] = true;
            try
            {
                return new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize);
            }
            catch (IOException) when (creations < MaximumCreations)
            {
                // Between creating and locking it, another process may take it for an orphan.
            }
        }
    }
}
