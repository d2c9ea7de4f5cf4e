using System;
using System.Linq;
using Apiframe.Emulator.Pictures;

namespace Apiframe.Emulator.Service;

/// <summary>The image files of jobs.</summary>
internal static class PictureFile
{
    /// <summary>Longer than the end mark of any of the formats.</summary>
    private const int EndBytes = 16;

    /// <summary>The whole file. It is made anew each time, and always the same.</summary>
    /// <param name="job">The job that makes it.</param>
    /// <param name="leastBytes">A smaller file is made this long by what stands behind its end, where viewers do not look.</param>
    public static byte[] Of(EmulatedJob job, int leastBytes)
    {
        var size = PictureSize.For(job.Request.Resolution, job.Request.AspectRatio);
        var picture = MosaicPainter.Paint(new SeededRandom(job.PictureSeed).NextDouble, size);
        var file = job.Request.FileExtension switch
        {
            "png" => PngEncoder.Encode(picture),
            "webp" => WebpEncoder.Encode(picture),
            _ => JpegEncoder.Encode(picture),
        };

        // The end of the file stands at the end again: readers look for the end mark there to tell a whole file from a cut one.
        var missing = Math.Max(0, leastBytes - file.Length);
        var end = Math.Min(EndBytes, missing);
        return [.. file, .. new byte[missing - end], .. file.Skip(file.Length - end)];
    }
}
