using System;
using System.Linq;

namespace Apiframe.Emulator.Service;

/// <summary>The image files of jobs.</summary>
internal static class PictureFile
{
    /// <summary>Longer than the end mark of any of the formats.</summary>
    private const int EndBytes = 16;

    /// <summary>The whole file. It is made again each time, and always the same.</summary>
    /// <param name="job">The job that makes it.</param>
    /// <param name="leastBytes">A smaller file is made this long by what stands behind its end, where viewers do not look.</param>
    public static byte[] Of(EmulatedJob job, int leastBytes)
    {
        var file = job.Scene.Encode(job.FileExtension);

        // The end of the file stands at the end again: readers look for the end mark there to tell a whole file from a cut one.
        var missing = Math.Max(0, leastBytes - file.Length);
        var end = Math.Min(EndBytes, missing);
        return [.. file, .. new byte[missing - end], .. file.Skip(file.Length - end)];
    }
}
