namespace Apiframe.Emulator.Jobs;

internal enum SubmitOutcome
{
    Accepted,
    Replayed,
    KeyConflict,
    InsufficientCredits,
    TooManyJobs,
}
