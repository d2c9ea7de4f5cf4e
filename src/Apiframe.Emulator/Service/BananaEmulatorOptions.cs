using System;
using System.Collections.Generic;

namespace Apiframe.Emulator;

/// <summary>The options of an emulator. They are checked when it starts.</summary>
public sealed class BananaEmulatorOptions
{
    /// <summary>The port of the loopback address to listen on, 1 to 65535. The default is 0, which selects a free port.</summary>
    public int Port { get; init; }

    /// <summary>The API key that the emulator accepts. The default is a random key that begins with <c>afk_emulator_</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The mean time from the submission to the end of a job, in seconds, 0 to 86400. The default is 2.</summary>
    public double GenerationTimeSec { get; init; } = 2;

    /// <summary>
    /// The maximum deviation of the time of a job from <see cref="GenerationTimeSec"/>, as a fraction of it, 0 to 1. The default is 0.25: jobs take 75 to 125
    /// percent of the mean time.
    /// </summary>
    public double GenerationTimeSpread { get; init; } = 0.25;

    /// <summary>The fraction of jobs that end as FAILED and are refunded, 0 to 1. The default is 0.</summary>
    public double FailureRate { get; init; }

    /// <summary>
    /// The seed of the random numbers. The same seed and the same order of jobs, requests, and downloads give the same times, failures, pictures, and faults.
    /// The default is 0.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>The request form that is accepted. The default is <see cref="EmulatorRequestForm.Both"/>.</summary>
    public EmulatorRequestForm RequestForm { get; init; } = EmulatorRequestForm.Both;

    /// <summary>
    /// Whether fields that the service does not know are ignored instead of rejected with 400. With a <see cref="RequestForm"/> other than
    /// <see cref="EmulatorRequestForm.Both"/>, the webhook of the other form is such a field: the request is accepted, and no webhook is sent. The default is
    /// false.
    /// </summary>
    public bool IgnoreUnknownFields { get; init; }

    /// <summary>
    /// Whether a known idempotency key returns its job for a different request. The default is false: such a request is rejected with 409.
    /// </summary>
    public bool AllowKeyReuse { get; init; }

    /// <summary>
    /// How submissions are rejected after <see cref="RefuseAfter"/> jobs have been accepted. The default is <see cref="EmulatorRefusal.None"/>.
    /// <see cref="BananaEmulator.Refusal"/> changes it while the emulator runs.
    /// </summary>
    public EmulatorRefusal Refusal { get; init; }

    /// <summary>
    /// The number of jobs that are accepted before <see cref="Refusal"/> applies, 0 or more. The default is 0: the first submission is rejected.
    /// </summary>
    public int RefuseAfter { get; init; }

    /// <summary>The credit balance at the start, 0 or more. The default is 1000000. <see cref="BananaEmulator.AddCredits"/> increases it.</summary>
    public int Credits { get; init; } = 1_000_000;

    /// <summary>The cost of every image in credits, 1 or more. The default is 0: the cost depends on the resolution and the model.</summary>
    public int CreditCost { get; init; }

    /// <summary>
    /// The number of requests to the API per minute, without image files. The requests of one minute are available at once, and then evenly. Further requests
    /// are rejected with 429 and <c>Retry-After</c>. The default is 0: no limit.
    /// </summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>The number of concurrent jobs. Further submissions are rejected with 429 without <c>Retry-After</c>. The default is 0: no limit.</summary>
    public int ConcurrentJobs { get; init; }

    /// <summary>
    /// The minimum size of an image file in bytes, up to 100 MB. Files of real 4K images are much larger than those of the emulator. The default is 0.
    /// </summary>
    public int ImageBytes { get; init; }

    /// <summary>The time for which an uploaded file is available, in seconds, 0 to 86400. The default is 3600.</summary>
    public double UploadLifetimeSec { get; init; } = 3600;

    /// <summary>
    /// The time for which an idempotency key is known, 0 to 365 days. After that, a submission with the key creates a new job, which is billed. The default is
    /// 24 hours.
    /// </summary>
    public TimeSpan IdempotencyKeyLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The time for which the image of a job is stored after the job has ended, 0 to 365 days. After that, the job is marked as <c>expired</c> and its image
    /// returns 410. The default is null: as long as the emulator runs.
    /// </summary>
    public TimeSpan? ImageLifetime { get; init; }

    /// <summary>How webhooks are signed. The default is <see cref="EmulatorWebhookSignature.RawBytes"/>.</summary>
    public EmulatorWebhookSignature WebhookSignature { get; init; }

    /// <summary>How running jobs report their progress. The default is <see cref="EmulatorProgress.Fine"/>.</summary>
    public EmulatorProgress Progress { get; init; }

    /// <summary>Whether responses with status 400 contain only a general error without the names of fields. The default is false.</summary>
    public bool HideErrorDetails { get; init; }

    /// <summary>Whether jobs omit <c>input</c>, the echo of their request. The default is false.</summary>
    public bool HideInput { get; init; }

    /// <summary>
    /// The faults and their rates, 0 to 1. A rate is the fraction of requests, downloads, or jobs that the fault affects. <see cref="EmulatorFaults.Names"/>
    /// contains the names, which are not case-sensitive. The rates of the faults of requests have a sum of at most 1, and so have the rates for downloads and
    /// for jobs. By default, no faults occur.
    /// </summary>
    public IReadOnlyDictionary<string, double> Faults { get; init; } = new Dictionary<string, double>();

    /// <summary>The duration of faults that last for a time, in seconds, 0 to 86400. The default is 2.</summary>
    public double FaultDurationSec { get; init; } = 2;
}

/// <summary>How running jobs report their progress.</summary>
public enum EmulatorProgress
{
    /// <summary>1 to 99, in even steps of 1.</summary>
    Fine,

    /// <summary>In steps of 25.</summary>
    Coarse,

    /// <summary>Increases to 37 and stays there.</summary>
    Stuck,

    /// <summary>0 until the job has ended.</summary>
    Zero,
}

/// <summary>Which of the two published forms of a generate request the emulator accepts.</summary>
/// <remarks>Requests without a reference image and without a webhook are the same in both forms.</remarks>
public enum EmulatorRequestForm
{
    /// <summary>Both forms. Each field can have either form.</summary>
    Both,

    /// <summary>Only the form of the model page: <c>image_input</c> is one URL string, and <c>webhook_url</c> is the address of the webhook.</summary>
    ModelPage,

    /// <summary>
    /// Only the form of the OpenAPI description: <c>image_input</c> is an array of URLs, and <c>webhookUrl</c> and <c>webhookEvents</c> set up the webhook.
    /// </summary>
    OpenApi,
}

/// <summary>
/// How the emulator rejects submissions, regardless of the request and its idempotency key. This does not depend on the balance
/// (<see cref="BananaEmulatorOptions.Credits"/>): submissions that the balance does not cover are always rejected.
/// </summary>
public enum EmulatorRefusal
{
    /// <summary>Submissions are not rejected.</summary>
    None,

    /// <summary>With 401, as for a revoked key.</summary>
    InvalidKey,

    /// <summary>With 403, as for a deactivated key.</summary>
    InactiveKey,

    /// <summary>With 429 and <c>Retry-After: 1</c>, for any number of retries.</summary>
    RateLimit,
}

/// <summary>How the emulator signs webhooks. The HMAC key is derived from the SHA-256 hash of the API key, in one of the two published forms.</summary>
public enum EmulatorWebhookSignature
{
    /// <summary>The HMAC key is the 32 bytes of the hash.</summary>
    RawBytes,

    /// <summary>The HMAC key is the hash as 64 lowercase hexadecimal digits.</summary>
    HexText,

    /// <summary>No signature is sent.</summary>
    None,
}
