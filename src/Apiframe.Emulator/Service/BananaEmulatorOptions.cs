using System;
using System.Collections.Generic;

namespace Apiframe.Emulator;

/// <summary>How an emulated service behaves. Checked when it is started.</summary>
public sealed class BananaEmulatorOptions
{
    /// <summary>The port of the loopback address to listen on, 1 to 65535. Default 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>The API key the emulator takes. Default: a random one that starts with <c>afk_emulator_</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Mean time from submission to the end of a job, in seconds, 0 to 86400. Default 2.</summary>
    public double GenerationTimeSec { get; init; } = 2;

    /// <summary>
    /// How far a job's time may lie from <see cref="GenerationTimeSec"/>, as a share of it, 0 to 1. Default 0.25: three quarters
    /// to five quarters of it.
    /// </summary>
    public double GenerationTimeSpread { get; init; } = 0.25;

    /// <summary>Share of jobs that end FAILED and are refunded, 0 to 1. Default 0.</summary>
    public double FailureRate { get; init; }

    /// <summary>
    /// Start of the random numbers: same seed and same order of jobs, requests and downloads give the same times,
    /// failures, pictures and faults. Default 0.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>The request form taken. Default <see cref="EmulatorRequestForm.Both"/>.</summary>
    public EmulatorRequestForm RequestForm { get; init; } = EmulatorRequestForm.Both;

    /// <summary>
    /// Whether fields that the service does not know are dropped in silence, instead of refused with 400. With a <see cref="RequestForm"/> that is not
    /// <see cref="EmulatorRequestForm.Both"/>, the webhook of the other form is such a field: the request is accepted and nothing is ever posted.
    /// Default false.
    /// </summary>
    public bool IgnoreUnknownFields { get; init; }

    /// <summary>
    /// Whether a known idempotency key returns its job also for another request. Default false: such a request is refused with 409.
    /// </summary>
    public bool AllowKeyReuse { get; init; }

    /// <summary>
    /// How submissions are refused once <see cref="RefuseAfter"/> jobs have been accepted. Default <see cref="EmulatorRefusal.None"/>.
    /// <see cref="BananaEmulator.Refusal"/> changes it while the emulator runs.
    /// </summary>
    public EmulatorRefusal Refusal { get; init; }

    /// <summary>How many jobs are accepted before <see cref="Refusal"/>, 0 or more. Default 0: the first submission is refused.</summary>
    public int RefuseAfter { get; init; }

    /// <summary>Credit balance at the start, 0 or more. Default 1000000. <see cref="BananaEmulator.AddCredits"/> raises it.</summary>
    public int Credits { get; init; } = 1_000_000;

    /// <summary>What every image costs, in credits, 1 or more. Default 0: prices by resolution and model.</summary>
    public int CreditCost { get; init; }

    /// <summary>
    /// Requests a minute to the API, image files not counted: a minute's worth at once, then evenly. More are refused with 429 and
    /// <c>Retry-After</c>. Default 0: no limit.
    /// </summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Jobs running at once; a submission over that is refused with 429 without <c>Retry-After</c>. Default 0: no limit.</summary>
    public int ConcurrentJobs { get; init; }

    /// <summary>The least size of an image file, in bytes, up to 100 MB; real 4K files are far larger than the emulator's. Default 0.</summary>
    public int ImageBytes { get; init; }

    /// <summary>How long an uploaded file can be fetched, in seconds, 0 to 86400. Default 3600.</summary>
    public double UploadLifetimeSec { get; init; } = 3600;

    /// <summary>
    /// How long an idempotency key is known, 0 to 365 days. After that, a submission under it makes a new job, which is billed. Default 24 hours.
    /// </summary>
    public TimeSpan IdempotencyKeyLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long the image of a job is stored after the job has ended, 0 to 365 days. After that, the job says <c>expired</c> and its image answers with
    /// 410. Default null: as long as the emulator runs.
    /// </summary>
    public TimeSpan? ImageLifetime { get; init; }

    /// <summary>How webhooks are signed. Default <see cref="EmulatorWebhookSignature.RawBytes"/>.</summary>
    public EmulatorWebhookSignature WebhookSignature { get; init; }

    /// <summary>What running jobs say of their progress. Default <see cref="EmulatorProgress.Fine"/>.</summary>
    public EmulatorProgress Progress { get; init; }

    /// <summary>Whether answers of status 400 say only that something is wrong, and name no field. Default false.</summary>
    public bool HideErrorDetails { get; init; }

    /// <summary>Whether jobs leave out <c>input</c>, the echo of their request. Default false.</summary>
    public bool HideInput { get; init; }

    /// <summary>
    /// What goes wrong and at which rate, 0 to 1: the share of requests, of downloads or of jobs that a fault hits.
    /// <see cref="EmulatorFaults.Names"/> are the names, in any case. The rates of the faults of requests add up to 1 at most, and so do
    /// those of downloads and those of jobs. Default: nothing goes wrong.
    /// </summary>
    public IReadOnlyDictionary<string, double> Faults { get; init; } = new Dictionary<string, double>();

    /// <summary>How long faults that last hold on, in seconds, 0 to 86400. Default 2.</summary>
    public double FaultDurationSec { get; init; } = 2;
}

/// <summary>What running jobs say of their progress.</summary>
public enum EmulatorProgress
{
    /// <summary>1 to 99, rising evenly.</summary>
    Fine,

    /// <summary>In steps of 25.</summary>
    Coarse,

    /// <summary>Stays at 37 once it got there.</summary>
    Stuck,

    /// <summary>0 until the job has ended.</summary>
    Zero,
}

/// <summary>Which of the two published forms of a generate request the emulator takes.</summary>
/// <remarks>Requests with neither a reference image nor a webhook are the same in both forms.</remarks>
public enum EmulatorRequestForm
{
    /// <summary>Either form, field by field.</summary>
    Both,

    /// <summary>Only the model page's form: <c>image_input</c> is one URL string, <c>webhook_url</c> names the webhook.</summary>
    ModelPage,

    /// <summary>
    /// Only the OpenAPI description's form: <c>image_input</c> is an array of URLs, <c>webhookUrl</c> and <c>webhookEvents</c> set up
    /// the webhook.
    /// </summary>
    OpenApi,
}

/// <summary>
/// How the emulator refuses submissions, whatever is submitted and under whatever idempotency key. A balance that is too low
/// (<see cref="BananaEmulatorOptions.Credits"/>) is another matter: it refuses what it does not cover.
/// </summary>
public enum EmulatorRefusal
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With 401, as for a key that was revoked.</summary>
    InvalidKey,

    /// <summary>With 403, as for a key that was deactivated.</summary>
    InactiveKey,

    /// <summary>With 429 and <c>Retry-After: 1</c>, however long a client waits.</summary>
    RateLimit,
}

/// <summary>How the emulator signs webhooks. Either key is made from the SHA-256 hash of the API key; sources differ on which.</summary>
public enum EmulatorWebhookSignature
{
    /// <summary>The HMAC key is the 32 bytes of the hash.</summary>
    RawBytes,

    /// <summary>The HMAC key is the hash as 64 lower-case hexadecimal digits.</summary>
    HexText,

    /// <summary>No signature is sent.</summary>
    None,
}
