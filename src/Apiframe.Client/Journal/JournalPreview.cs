namespace Apiframe.Client.Journal;

/// <summary>Predicts what a run would do with a journal, based on its state when it was read.</summary>
/// <remarks>Each object is for one run. Safe to use from several threads.</remarks>
public sealed class JournalPreview
{
    private readonly JournalRun _run;

    internal JournalPreview(BananaJournal journal, JournalState state) =>
        _run = new JournalRun(journal, journal.Registry.Preview(journal, state), resubmitUnknown: false, throttleLimit: 1);

    /// <summary>
    /// Returns whether the journal contains a job for an image, so that nothing would be submitted. Must be called in the order of the batch, because equal
    /// requests are different images.
    /// </summary>
    /// <exception cref="ApiframeException">As for <see cref="JournalRun.Claim"/>.</exception>
    public bool HasJob(SubmitRequest request)
    {
        using JournalClaim claim = _run.Claim(request);
        return claim.HasJob;
    }
}
