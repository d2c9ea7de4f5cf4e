using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Apiframe.Client.Journal;

/// <summary>A journal in a file, with a lock file beside it that excludes other writers.</summary>
/// <remarks>
/// Readers must be able to open the journal. It cannot be locked itself, because on Unix, a lock of .NET also excludes readers that use .NET. The lock file is
/// never deleted: a process that has it open would otherwise hold a lock that no other process sees.
/// </remarks>
internal sealed class JournalDisk : IJournalDisk
{
    /// <summary>The stream has no buffer of its own, because all lines of a flush are written at once.</summary>
    private const int BufferSize = 1;

    private readonly FileStream _lock;
    private readonly FileStream _file;

    private JournalDisk(FileStream theLock, FileStream file)
    {
        _lock = theLock;
        _file = file;
    }

    /// <inheritdoc/>
    public Stream Content => _file;

    /// <inheritdoc/>
    public long Length => _file.Length;

    /// <summary>Opens a journal. A missing file and its folder are created.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.JournalInUse"/> or <see cref="ApiframeErrorKind.JournalNotWritable"/>.</exception>
    public static JournalDisk Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw NotWritable(path, "The path is a folder.");
        }

        FileStream? theLock = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            theLock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferSize);
            return new JournalDisk(theLock, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, BufferSize));
        }
        catch (IOException e) when (IsInUse(e))
        {
            theLock?.Dispose();
            throw ApiframeException.NotSent($"Another process is writing to the journal '{path}'.", ApiframeErrorKind.JournalInUse);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or System.Security.SecurityException)
        {
            theLock?.Dispose();
            throw NotWritable(path, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Append(byte[] buffer, int count)
    {
        _file.Seek(0, SeekOrigin.End);
        _file.Write(buffer, 0, count);
    }

    /// <inheritdoc/>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Truncate(long length) => _file.SetLength(length);

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static ApiframeException NotWritable(string path, string why) =>
        ApiframeException.NotSent($"The journal '{path}' cannot be written: {why}", ApiframeErrorKind.JournalNotWritable);

    /// <summary>The error codes for sharing and lock violations on Windows, and for EWOULDBLOCK on Linux and macOS.</summary>
    private static bool IsInUse(IOException e) => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? (e.HResult & 0xFFFF) is 32 or 33
        : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? e.HResult == 11
        : e.HResult == 35;
}
