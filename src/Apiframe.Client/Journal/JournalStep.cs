using System.Collections.Generic;
using System.IO;

namespace Apiframe.Client.Journal;

/// <summary>What is to be done about an image of a run: a <see cref="Saved"/>, a <see cref="Take"/> or a <see cref="Submit"/>.</summary>
public abstract record JournalStep
{
    private protected JournalStep()
    {
    }

    /// <summary>Nothing: the image was made and saved, and the files are there and whole.</summary>
    /// <param name="Job">Its job.</param>
    /// <param name="Files">The files, one for each image of the job.</param>
    public sealed record Saved(BananaJob Job, IReadOnlyList<FileInfo> Files) : JournalStep;

    /// <summary>The image was accepted before. Wait for its job and save it; there is nothing to submit.</summary>
    /// <param name="Job">Its job.</param>
    public sealed record Take(BananaJob Job) : JournalStep;

    /// <summary>The image is to be submitted.</summary>
    /// <param name="Request">The request under its key.</param>
    public sealed record Submit(SubmitRequest Request) : JournalStep;
}
