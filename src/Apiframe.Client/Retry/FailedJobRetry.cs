using System;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Retry;

/// <summary>Decides whether an image whose job failed is submitted again, and under which key. Pure.</summary>
internal static class FailedJobRetry
{
    /// <summary>
    /// The number of failed jobs that are passed over for one image. A response does not distinguish them from new jobs that failed at once, and a prompt that
    /// never succeeds must not be submitted forever.
    /// </summary>
    private const int MaximumReplays = 10;

    private const double FirstPauseSeconds = 1;
    private const double MaximumPauseSeconds = 60;

    /// <summary>
    /// The time within which the key of the next attempt leads to the same job for every caller. One hour of the key lifetime is reserved for requests that
    /// wait.
    /// </summary>
    private static readonly TimeSpan KeyLasts = IdempotencyScope.KeyLifetime - TimeSpan.FromHours(1);

    /// <summary>
    /// Returns whether to request a job of an earlier run of a scope, to find out whether it failed and was refunded. Only then is its image submitted again.
    /// </summary>
    /// <param name="job">The job in the response to the submission, which is not settled.</param>
    /// <param name="replays">The number of failed jobs that were passed over before.</param>
    public static bool IsWorthAsking(BananaJob job, int replays) => job.Status is JobStatus.Failed or JobStatus.Cancelled && replays < MaximumReplays;

    /// <summary>Returns the request that a job keeps for another submission, or null if that is not allowed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key of the job.</param>
    public static SubmitRequest? RequestOf(SubmitRequest request, string? key) => request.RetryFailed > 0 ? request with { IdempotencyKey = key } : null;

    /// <summary>
    /// Returns whether a job can be submitted again after a wait: it is allowed, the job was refunded, and the reason is temporary or unknown. A declined
    /// prompt would be declined again, and an invalid input stays invalid.
    /// </summary>
    public static bool IsAllowed(BananaJob ended) => ended is
    {
        Retry: not null, Status: JobStatus.Failed, IsRefunded: true, FailureReason: JobFailureReason.Unavailable or JobFailureReason.Unknown,
    };

    /// <summary>
    /// Returns whether to submit the job again now. If it failed long ago without a journal that records later attempts, it may already have been submitted
    /// again.
    /// </summary>
    /// <param name="ended">The job.</param>
    /// <param name="now">The current time in UTC.</param>
    public static bool IsDue(BananaJob ended, DateTimeOffset now) => IsAllowed(ended) && (ended.Journal is not null || !(ended.Age(now) > KeyLasts));

    /// <summary>
    /// Returns the request of the next attempt, which allows one attempt less. Without a journal, each failed job leads to exactly one key, so that all callers
    /// get the same next job.
    /// </summary>
    public static SubmitRequest Next(SubmitRequest request) => request with
    {
        RetryFailed = request.RetryFailed - 1,
        OutcomeUnknownSince = null,
        IdempotencyKey = request.IsScoped ? IdempotencyScope.Next(request.IdempotencyKey!) : RequestFingerprint.Key("retry-", request.IdempotencyKey!),
    };

    /// <summary>Returns the wait before the next attempt. It doubles, because a missing capacity can take minutes to return.</summary>
    /// <param name="attempts">The number of earlier attempts.</param>
    public static TimeSpan Pause(int attempts) => TimeSpan.FromSeconds(Math.Min(MaximumPauseSeconds, FirstPauseSeconds * Math.Pow(2, attempts)));
}
