namespace Apiframe.Client.Journal;

/// <summary>What a run does about an image.</summary>
internal enum JournalDecision
{
    /// <summary>Nothing: it is saved, and the file is there and whole.</summary>
    Saved,

    /// <summary>Takes the job that there is, to wait for it and to save it.</summary>
    Take,

    /// <summary>Submits it under the key that it has: the service knows the key if it has accepted the image.</summary>
    SubmitAgain,

    /// <summary>Submits it under the key of the next attempt.</summary>
    SubmitNext,

    /// <summary>Looks for the job among the account's jobs: the service may have forgotten the key.</summary>
    Reconcile,
}
