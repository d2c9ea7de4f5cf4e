namespace Apiframe.Client.Journal;

/// <summary>The state of an image in a journal.</summary>
public enum JournalEntryState
{
    /// <summary>The request was about to be sent, and no response is recorded. The image may have been accepted.</summary>
    Intended,

    /// <summary>The service has accepted the image, and its job is known.</summary>
    Accepted,

    /// <summary>The job is completed, and not all of its images are saved.</summary>
    Completed,

    /// <summary>Every image of the job is saved.</summary>
    Saved,

    /// <summary>The job has failed.</summary>
    Failed,

    /// <summary>The service has canceled the job.</summary>
    Cancelled,

    /// <summary>The attempt ended without a job.</summary>
    Refused,
}
