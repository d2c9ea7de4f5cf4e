using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Apiframe.Client.Save;

/// <summary>A file that is being written beside its target. It is renamed to the target in one step, or deleted.</summary>
public sealed class PartialFile : IDisposable
{
    /// <summary>The suffix of partial files, so that files of other programs are never deleted as orphans.</summary>
    private const string Suffix = ".banana.partial";

    /// <summary>The stream has no buffer of its own, because large pieces are written.</summary>
    private const int BufferSize = 1;

    private const int MaximumCreations = 3;

    private static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>The paths of the partial files of this process, for the moments in which they are not locked.</summary>
    private static readonly ConcurrentDictionary<string, bool> UnderWay = new();

    private readonly string _target;
    private readonly IncrementalHash? _hash;
    private string _path = string.Empty;
    private FileStream? _stream;

    /// <summary>Creates a partial file with a unique name.</summary>
    /// <param name="target">The path of the target, as far as it is known. No two partial files have the same name.</param>
    public PartialFile(string target)
        : this(target, isHashed: false)
    {
    }

    /// <inheritdoc cref="PartialFile(string)"/>
    /// <param name="target">As for the other constructor.</param>
    /// <param name="isHashed">Whether <see cref="Sha256"/> is computed.</param>
    internal PartialFile(string target, bool isHashed)
    {
        _target = target;
        _hash = isHashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        _stream = Create();
    }

    /// <summary>The stream, for a writer with its own buffer. <see cref="Length"/> does not include what is written to it.</summary>
    public Stream Content => _stream!;

    /// <summary>The number of bytes that were written.</summary>
    public long Length { get; private set; }

    /// <summary>The SHA-256 hash of the written bytes, 64 hexadecimal digits, after the file was renamed to its target. Otherwise, or if it was not requested, null.</summary>
    internal string? Sha256 { get; private set; }

    /// <summary>The version of the file that the bytes belong to, or null if it is unknown.</summary>
    internal FileVersion? Version { get; set; }

    /// <summary>Whether a name is that of a partial file.</summary>
    public static bool IsPartial(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Deletes the partial files of killed processes in a folder. The file of a running process is locked and not deleted.</summary>
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
                // The file is in use, or its deletion is not permitted. In both cases, it causes no problem.
            }
        }
    }

    /// <summary>
    /// Appends bytes. It is synchronous, because the pieces are large and few, and asynchronous file access uses a thread for each file outside Windows.
    /// </summary>
    public void Write(byte[] buffer, int count)
    {
        _stream!.Write(buffer, 0, count);
        _hash?.AppendData(buffer, 0, count);
        Length += count;
    }

    /// <summary>Discards the written bytes. If <see cref="MoveTo"/> did not find the file, a new file is created.</summary>
    public void Restart()
    {
        if (_stream is null)
        {
            _stream = Create();
        }

        _stream.SetLength(0);
        _hash?.GetHashAndReset();
        Length = 0;
        Version = null;
    }

    /// <summary>Returns the image format of the written bytes, or null if they are not a complete image.</summary>
    internal ImageFormat? WholeImage()
    {
        ImageFormat? format = ImageFormat.OfWhole(_stream!);
        _stream!.Position = Length;
        return format;
    }

    /// <summary>Renames the file to a path. Can be called again if the path exists.</summary>
    /// <exception cref="FileNotFoundException">The partial file was deleted.</exception>
    /// <exception cref="IOException">The path exists and <paramref name="overwrite"/> is false, or the disk is full.</exception>
    public FileInfo MoveTo(string path, bool overwrite)
    {
        _stream?.Flush(flushToDisk: true);
        if (IsWindows)
        {
            Close();
        }

        try
        {
            // The file is renamed while it is locked. Between unlocking and renaming, another process would delete it as an orphan.
            Rename(path, overwrite);
        }
        catch (IOException) when (_stream is not null)
        {
            // Some file systems do not rename open files.
            Close();
            Rename(path, overwrite);
        }

        Close();
        Sha256 = _hash is null ? null : Hex.Of(_hash.GetHashAndReset());
        return new FileInfo(path);
    }

    /// <summary>Returns whether another file has the same bytes.</summary>
    internal bool IsSameAs(string path)
    {
        Close();
        return new FileInfo(path).Length == Length && Hash(path) == Hash(_path);
    }

    /// <summary>Deletes the file, unless it was renamed to its target.</summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        catch (IOException)
        {
            // The rest of the buffer could not be written, for example on a full disk. The file is deleted anyway.
        }

        _hash?.Dispose();
        File.Delete(_path);
        UnderWay.TryRemove(_path, out _);
    }

    private static string Hash(string path)
    {
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Client.Sha256.Of(content);
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
                // The target does not exist, or is a symbolic link without a target.
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
                // Between the creation and the lock, another process may have deleted the file as an orphan.
            }
        }
    }
}
