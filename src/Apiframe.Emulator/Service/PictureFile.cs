using System;
using System.Linq;

namespace Apiframe.Emulator.Service;

internal static class PictureFile
{
    /// <summary>The number of bytes at the end of a file that are kept at the end. It is more than the end marker of any format has.</summary>
    private const int EndBytes = 16;

    /// <summary>Returns the complete file. It is created for each download, and is always the same.</summary>
    /// <param name="job">The job that the image belongs to.</param>
    /// <param name="leastBytes">The minimum length. A shorter file is padded after its end marker, where viewers ignore bytes.</param>
    public static byte[] Of(EmulatedJob job, int leastBytes)
    {
        var file = job.Scene.Encode(job.FileExtension);

        // The end of the file is repeated after the padding, because readers look for the end marker there to distinguish a complete file from a cut one.
        var missing = Math.Max(0, leastBytes - file.Length);
        var end = Math.Min(EndBytes, missing);
        return [.. file, .. new byte[missing - end], .. file.Skip(file.Length - end)];
    }
}
