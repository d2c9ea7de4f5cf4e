namespace Apiframe.Client.Journal;

/// <summary>How far an image of a journal has come.</summary>
public enum JournalEntryState
{
    /// <summary>The request was about to be sent, and no response is recorded: the image may or may not have been accepted.</summary>
    Intended,

    /// <summary>The service has accepted the image; its job is known.</summary>
    Accepted,

    /// <summary>The job has succeeded; not all of its images are saved.</summary>
    Completed,

    /// <summary>Every image of the job is saved.</summary>
    Saved,

    /// <summary>The job has failed.</summary>
    Failed,

    /// <summary>The service has canceled the job.</summary>
    Cancelled,

    /// <summary>The attempt is over and has no job.</summary>
    Refused,
}
