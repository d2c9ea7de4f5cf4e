using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;

namespace Apiframe.NanoBanana;

/// <summary>An image and its target.</summary>
/// <param name="Source">The job or the URL, for errors and for script blocks of the user.</param>
/// <param name="Index">The index of the image in its job, from 0.</param>
/// <param name="Target">The target of the image.</param>
/// <param name="DownloadAsync">Downloads the image to the target.</param>
internal sealed record ImageToSave(object Source, int Index, SaveTarget Target, Func<ExistingFile, CancellationToken, Task<FileInfo>> DownloadAsync)
{
    /// <summary>The job, or null if only the URL of the image is known.</summary>
    public BananaJob? Job => Source as BananaJob;

    /// <summary>Writes the metadata file of a saved image. Returns an exception instead of throwing it, because the image is saved.</summary>
    /// <param name="job">The job that made the image.</param>
    /// <param name="index">The index of the image in its job, from 0.</param>
    /// <param name="file">The saved image.</param>
    /// <param name="replace">Whether existing metadata is replaced.</param>
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
