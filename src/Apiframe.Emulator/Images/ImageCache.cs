using System;
using System.Collections.Generic;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Images;

/// <summary>Encodes the picture of a job and keeps the last few files, which resumed downloads ask for again.</summary>
internal sealed class ImageCache
{
    private const int Capacity = 8;

    /// <summary>Longer than the end mark of any of the formats.</summary>
    private const int EndBytes = 16;

    private readonly int _leastBytes;
    private readonly object _gate = new();
    private readonly LinkedList<KeyValuePair<Guid, Lazy<byte[]>>> _newestFirst = new();

    /// <param name="leastBytes">Smaller files are made this long by what stands behind their end, where viewers do not look.</param>
    public ImageCache(int leastBytes) => _leastBytes = leastBytes;

    /// <summary>The whole file. Equal for each call with the same job.</summary>
    public byte[] Get(EmulatedJob job)
    {
        Lazy<byte[]> file;
        lock (_gate)
        {
            file = Find(job.Id) ?? Add(job);
        }

        // Outside the lock: one download's encoding does not hold up another's.
        return file.Value;
    }

    private Lazy<byte[]>? Find(Guid id)
    {
        for (var node = _newestFirst.First; node is not null; node = node.Next)
        {
            if (node.Value.Key == id)
            {
                _newestFirst.Remove(node);
                _newestFirst.AddFirst(node);
                return node.Value.Value;
            }
        }

        return null;
    }

    private Lazy<byte[]> Add(EmulatedJob job)
    {
        if (_newestFirst.Count == Capacity)
        {
            _newestFirst.RemoveLast();
        }

        var file = new Lazy<byte[]>(() => Encode(job));
        _newestFirst.AddFirst(new KeyValuePair<Guid, Lazy<byte[]>>(job.Id, file));
        return file;
    }

    private byte[] Encode(EmulatedJob job)
    {
        var size = ImageSize.For(job.Request.Resolution, job.Request.AspectRatio);
        var picture = MosaicPainter.Paint(job.PictureSeed, size);
        byte[] file = job.Request.FileExtension switch
        {
            "png" => PngEncoder.Encode(picture),
            "webp" => WebpEncoder.Encode(picture),
            _ => JpegEncoder.Encode(picture),
        };
        return file.Length < _leastBytes ? Padded(file, _leastBytes) : file;
    }

    /// <summary>The end of the file stands at the end again: readers look for the end mark there to tell a whole file from a cut one.</summary>
    private static byte[] Padded(byte[] file, int length)
    {
        var padded = new byte[length];
        file.CopyTo(padded, 0);
        var end = Math.Min(EndBytes, length - file.Length);
        Buffer.BlockCopy(file, file.Length - end, padded, length - end, end);
        return padded;
    }
}
