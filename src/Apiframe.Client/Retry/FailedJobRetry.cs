using System;
using Apiframe.Client.Submit;

namespace Apiframe.Client.Retry;

/// <summary>Whether an image whose job failed is submitted again, and under which key. Pure.</summary>
internal static class FailedJobRetry
{
    /// <summary>
    /// How many failed jobs are ignored for one image. A response does not distinguish them from new ones that failed at once, and a prompt that never
    /// succeeds must not be submitted forever.
    /// </summary>
    private const int MaximumReplays = 10;

    private const double FirstPauseSeconds = 1;
    private const double MaximumPauseSeconds = 60;

    /// <summary>For how long the key of the next attempt leads to the same job whoever submits it. An hour is left for requests that wait.</summary>
    private static readonly TimeSpan KeyLasts = IdempotencyScope.KeyLifetime - TimeSpan.FromHours(1);

    /// <summary>For an image whose job failed in an earlier run of its scope: whether to ask the job if it failed and was refunded. Only then is it submitted again.</summary>
    /// <param name="job">As the submission's response tells it, which settles nothing.</param>
    /// <param name="replays">How many failed jobs were passed over before.</param>
    public static bool IsWorthAsking(BananaJob job, int replays) => job.Status is JobStatus.Failed or JobStatus.Cancelled && replays < MaximumReplays;

    /// <summary>What a job remembers to be submitted again; null if that is not allowed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key of the job.</param>
    public static SubmitRequest? RequestOf(SubmitRequest request, string? key) => request.RetryFailed > 0 ? request with { IdempotencyKey = key } : null;

    /// <summary>
    /// Whether a job that was waited for can be submitted again: that is allowed, it was refunded, and the reason passes. A declined prompt is declined again, and
    /// what is wrong with the input stays wrong.
    /// </summary>
    public static bool IsAllowed(BananaJob ended) => ended is
    {
        Retry: not null, Status: JobStatus.Failed, IsRefunded: true, FailureReason: JobFailureReason.Unavailable or JobFailureReason.Unknown,
    };

    /// <summary>Whether to submit it again now. If it failed long ago, and no journal says what followed, somebody may have submitted it since.</summary>
    /// <param name="ended">The job.</param>
    /// <param name="now">The time, UTC.</param>
    public static bool IsDue(BananaJob ended, DateTimeOffset now) => IsAllowed(ended) && (ended.Journal is not null || !(ended.Age(now) > KeyLasts));

    /// <summary>The request of the next attempt, with one attempt less to follow. Without a journal, each failed job leads to one key, so that it leads to one job.</summary>
    public static SubmitRequest Next(SubmitRequest request) => request with
    {
        RetryFailed = request.RetryFailed - 1,
        OutcomeUnknownSince = null,
        IdempotencyKey = request.IsScoped ? IdempotencyScope.Next(request.IdempotencyKey!) : RequestFingerprint.Key("retry-", request.IdempotencyKey!),
    };

    /// <summary>How long to wait before the next attempt. It doubles, because the service has no capacity.</summary>
    /// <param name="attempts">How many were made before.</param>
    public static TimeSpan Pause(int attempts) => TimeSpan.FromSeconds(Math.Min(MaximumPauseSeconds, FirstPauseSeconds * Math.Pow(2, attempts)));
}
