namespace Apiframe.Client.Retry;

/// <summary>Whether an image whose job failed in an earlier run of its scope is submitted again, under the scope's next key. Pure.</summary>
internal static class FailedJobRetry
{
    /// <summary>
    /// How many failed jobs are ignored for one image. A response does not distinguish them from new ones that failed at once, and a prompt that never
    /// succeeds must not be submitted forever.
    /// </summary>
    private const int MaximumReplays = 10;

    /// <summary>Whether to ask the job if it failed and was refunded; only then is the image submitted again.</summary>
    /// <param name="job">As the submission's response tells it, which settles nothing.</param>
    /// <param name="replays">How many failed jobs were passed over before.</param>
    public static bool IsWorthAsking(BananaJob job, int replays) => job.Status is JobStatus.Failed or JobStatus.Cancelled && replays < MaximumReplays;
}
