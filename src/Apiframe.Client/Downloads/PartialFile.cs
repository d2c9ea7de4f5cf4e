using System;
using System.IO;

namespace Apiframe.Client.Downloads;

/// <summary>A file under construction beside its target: it becomes the target in one step, or it is gone.</summary>
internal sealed class PartialFile : IDisposable
{
    /// <summary>None: what is written here comes in large pieces already.</summary>
    private const int BufferSize = 1;

    private readonly string _path;
    private readonly byte[] _start = new byte[ImageSignature.Length];
    private FileStream? _stream;

    public PartialFile(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
    }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>The extension that the content calls for, or null if it is no image.</summary>
    public string? Extension => ImageSignature.Extension(_start, (int)Math.Min(Length, _start.Length));

    /// <summary>Adds bytes. Synchronous: the pieces are large and few, and asynchronous files cost a thread each outside Windows.</summary>
    public void Write(byte[] buffer, int count)
    {
        if (Length < _start.Length)
        {
            Array.Copy(buffer, 0, _start, Length, Math.Min(count, _start.Length - Length));
        }

        _stream!.Write(buffer, 0, count);
        Length += count;
    }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="IOException">The name is taken and <paramref name="overwrite"/> is false, or the disk did not take the bytes.</exception>
    public FileInfo MoveTo(string path, bool overwrite)
    {
        _stream!.Flush(flushToDisk: true);
        _stream.Dispose();
        _stream = null;
        if (overwrite && File.Exists(path))
        {
            File.Replace(_path, path, destinationBackupFileName: null);
        }
        else
        {
            File.Move(_path, path);
        }

        return new FileInfo(path);
    }

    public void Dispose()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // Writing the rest of the buffer failed, as on a full disk; the file is on its way out anyway.
        }

        _stream = null;
        File.Delete(_path);
    }
}
