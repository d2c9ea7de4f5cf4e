using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Apiframe.NanoBanana;

/// <summary>One image, and where it goes.</summary>
/// <param name="Source">The job or the URL, for errors and for a person's script blocks.</param>
/// <param name="Index">Which image of the job, from 0.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="DownloadAsync">Puts it there.</param>
internal sealed record ImageToSave(object Source, int Index, SaveTarget Target, Func<ExistingFile, CancellationToken, Task<FileInfo>> DownloadAsync)
{
    /// <summary>The job; null for an image of which only the URL is known.</summary>
    public BananaJob? Job => Source as BananaJob;

    /// <summary>Writes the metadata file beside a saved image. Returns what went wrong instead of throwing it: the image is saved.</summary>
    /// <param name="job">The job that made the image.</param>
    /// <param name="index">Which image of the job, from 0.</param>
    /// <param name="file">The saved image.</param>
    /// <param name="replace">Whether to replace metadata that is there.</param>
    public static Exception? WriteMetadata(BananaJob job, int index, FileInfo file, bool replace)
    {
        try
        {
            ImageMetadata.Write(file, job, index, replace);
            return null;
        }
        catch (Exception e) when (e is ApiframeException or IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}
