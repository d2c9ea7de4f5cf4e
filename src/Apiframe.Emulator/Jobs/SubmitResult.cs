namespace Apiframe.Emulator.Jobs;

/// <summary>What became of a submission.</summary>
internal sealed class SubmitResult
{
    private SubmitResult(SubmitOutcome outcome, EmulatedJob? job, long creditsAvailable)
    {
        Outcome = outcome;
        Job = job;
        CreditsAvailable = creditsAvailable;
    }

    public SubmitOutcome Outcome { get; }

    /// <summary>The new job, or the earlier one of a replay.</summary>
    public EmulatedJob? Job { get; }

    public long CreditsAvailable { get; }

    public static SubmitResult Accepted(EmulatedJob job) => new(SubmitOutcome.Accepted, job, 0);

    public static SubmitResult Replayed(EmulatedJob job) => new(SubmitOutcome.Replayed, job, 0);

    public static SubmitResult KeyConflict() => new(SubmitOutcome.KeyConflict, null, 0);

    public static SubmitResult TooManyJobs() => new(SubmitOutcome.TooManyJobs, null, 0);

    public static SubmitResult InsufficientCredits(long available) => new(SubmitOutcome.InsufficientCredits, null, available);
}
