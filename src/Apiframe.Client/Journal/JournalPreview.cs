namespace Apiframe.Client.Journal;

/// <summary>What a run would do with a journal as it was when it was read.</summary>
/// <remarks>One object counts for one run. Safe to use from several threads.</remarks>
public sealed class JournalPreview
{
    private readonly JournalRun _run;

    internal JournalPreview(BananaJournal journal, JournalState state) =>
        _run = new JournalRun(journal, journal.Registry.Preview(journal, state), resubmitUnknown: false, throttleLimit: 1);

    /// <summary>Whether the journal has a job for an image, so that nothing would be submitted. Call it in the order of the batch: equal requests are different images.</summary>
    /// <exception cref="ApiframeException">As of <see cref="JournalRun.Claim"/>.</exception>
    public bool HasJob(SubmitRequest request)
    {
        using JournalClaim claim = _run.Claim(request);
        return claim.HasJob;
    }
}
