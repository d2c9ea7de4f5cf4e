namespace Apiframe.Client.Journal;

/// <summary>The next step for an image of a run.</summary>
internal enum JournalDecision
{
    /// <summary>No step: the image is saved, and its file is complete.</summary>
    Saved,

    /// <summary>The existing job is waited for and saved.</summary>
    Take,

    /// <summary>The image is submitted under its key. If the service has accepted it before, it knows the key.</summary>
    SubmitAgain,

    /// <summary>The image is submitted under the key of the next attempt.</summary>
    SubmitNext,

    /// <summary>The job is searched among the jobs of the account, because the service may have forgotten the key.</summary>
    Reconcile,
}
