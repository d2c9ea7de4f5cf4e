using System.Collections.Generic;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>The next step for an image of a run: <see cref="Saved"/>, <see cref="Take"/>, or <see cref="Submit"/>.</summary>
public abstract record JournalStep
{
    private protected JournalStep()
    {
    }

    /// <summary>No step: the image was saved, and its files are complete.</summary>
    /// <param name="Job">The job of the image.</param>
    /// <param name="Files">The files, one for each image of the job.</param>
    public sealed record Saved(BananaJob Job, IReadOnlyList<FileInfo> Files) : JournalStep;

    /// <summary>The image was accepted before. Its job must be waited for and saved, and nothing is submitted.</summary>
    /// <param name="Job">The job of the image.</param>
    public sealed record Take(BananaJob Job) : JournalStep;

    /// <summary>The image must be submitted.</summary>
    /// <param name="Request">The request with its key.</param>
    public sealed record Submit(SubmitRequest Request) : JournalStep;
}
