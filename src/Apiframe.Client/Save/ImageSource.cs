using System;

namespace Apiframe.Client.Save;

/// <summary>The image to download.</summary>
/// <param name="Url">The address of the image.</param>
/// <param name="Job">The job that contains the address, or null if the user specified it.</param>
/// <param name="Index">The index of the image in its job, from 0.</param>
internal sealed record ImageSource(Uri Url, BananaJob? Job = null, int Index = 0)
{
    /// <summary>Returns the image in a newer response about the job, or this image if the response does not contain it.</summary>
    public ImageSource In(BananaJob job) => job.ImageUrls.Count > Index ? new ImageSource(job.ImageUrls[Index], job, Index)
        : job.Expired ? this with { Job = job }
        : this;
}
