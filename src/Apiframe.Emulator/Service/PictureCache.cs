using System;
using System.Collections.Generic;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>Makes the files of jobs and keeps the last few, which resumed downloads ask for again.</summary>
/// <param name="leastBytes">The least size of a file.</param>
internal sealed class PictureCache(int leastBytes)
{
    private const int Capacity = 8;

    private readonly object _gate = new();
    private readonly Queue<Guid> _oldestFirst = new();
    private readonly Dictionary<Guid, Lazy<byte[]>> _files = [];

    /// <summary>The whole file. Equal for each call with the same job.</summary>
    public byte[] FileOf(EmulatedJob job)
    {
        Lazy<byte[]> file;
        lock (_gate)
        {
            if (!_files.TryGetValue(job.Id, out file!))
            {
                if (_oldestFirst.Count == Capacity)
                {
                    _files.Remove(_oldestFirst.Dequeue());
                }

                _oldestFirst.Enqueue(job.Id);
                _files.Add(job.Id, file = new Lazy<byte[]>(() => Make(job)));
            }
        }

        // Outside the lock: one download's encoding does not hold up another's.
        return file.Value;
    }

    private byte[] Make(EmulatedJob job)
    {
        var random = new SeededRandom(job.PictureSeed);
        var picture = MosaicPainter.Paint(random.NextDouble, PictureSize.For(job.Request.Resolution, job.Request.AspectRatio));
        return PictureFile.Encode(picture, job.Request.FileExtension, leastBytes);
    }
}
