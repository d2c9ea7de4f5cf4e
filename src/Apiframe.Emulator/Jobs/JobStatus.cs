namespace Apiframe.Emulator.Jobs;

internal enum JobStatus
{
    Queued,
    Processing,
    Completed,
    Failed,
    Cancelled,

    /// <summary>One that the contract does not know.</summary>
    Moderating,
}
