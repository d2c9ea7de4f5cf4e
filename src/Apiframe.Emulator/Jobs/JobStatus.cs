namespace Apiframe.Emulator.Jobs;

internal enum JobStatus
{
    Queued,
    Processing,
    Completed,
    Failed,
    Cancelled,
}
