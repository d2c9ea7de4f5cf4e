using System;

namespace Apiframe.Client.Save;

/// <summary>Which image to download, and what is known of it.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Job">The job that says so; null if the user does.</param>
/// <param name="Index">Which of the job's images it is, from 0.</param>
internal sealed record ImageSource(Uri Url, BananaJob? Job = null, int Index = 0)
{
    /// <summary>The same image as a newer answer has it; this one if the answer names no such image.</summary>
    public ImageSource In(BananaJob job) => job.ImageUrls.Count > Index ? new ImageSource(job.ImageUrls[Index], job, Index)
        : job.Expired ? this with { Job = job }
        : this;
}
