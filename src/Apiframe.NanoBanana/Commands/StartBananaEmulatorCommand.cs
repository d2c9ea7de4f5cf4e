using System;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Security;
using Apiframe.Emulator;
using Apiframe.NanoBanana.Binding;
using Apiframe.NanoBanana.Completion;
using Apiframe.NanoBanana.Emulators;

namespace Apiframe.NanoBanana.Commands;

/// <summary>Starts the Apiframe service on this machine: real HTTP and real image files, no account, no cost.</summary>
/// <remarks>
/// For trying the module out and for testing scripts. It listens on 127.0.0.1 only and forgets everything
/// when it is stopped or the process ends.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "BananaEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(BananaEmulator))]
public sealed class StartBananaEmulatorCommand : PSCmdlet
{
    /// <summary>
    /// Point this session at the emulator: sets APIFRAME_BASE_URL and APIFRAME_API_KEY for the process until
    /// Stop-BananaEmulator puts back what was there. A script then runs against it unchanged.
    /// </summary>
    [Parameter]
    public SwitchParameter SetEnvironment { get; set; }

    /// <summary>The port of 127.0.0.1 to listen on, 1 to 65535. The default is 0, a free port.</summary>
    [Parameter]
    public int Port { get; set; }

    /// <summary>How many seconds a job takes on average. The default is 2; the real service takes about 12.</summary>
    [Parameter]
    public double GenerationTimeSec { get; set; } = 2;

    /// <summary>How far single jobs stray from that, as a share from 0 to 1. The default is 0.25.</summary>
    [Parameter]
    public double GenerationTimeSpread { get; set; } = 0.25;

    /// <summary>The share of jobs that fail, from 0 to 1. The default is 0.</summary>
    [Parameter]
    public double FailureRate { get; set; }

    /// <summary>
    /// What goes wrong and how often: <c>Name=rate</c> with a rate from 0 to 1, or <c>Name</c> alone for every time, or a hashtable of names and
    /// rates. The rates of the faults of requests add up to 1 at most, and so do those of downloads and those of jobs. The default is none.
    /// </summary>
    [Parameter]
    [FaultTransformation]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public string[] Fault { get; set; } = [];

    /// <summary>How many seconds faults that last hold on, 0 to 86400. The default is 2.</summary>
    [Parameter]
    public double FaultDurationSec { get; set; } = 2;

    /// <summary>The same seed and the same order of prompts give the same times, failures, pictures and faults. The default is 0.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Which of the two published request forms to take. The default is Both.</summary>
    /// <remarks>Not the enumeration: a field of that type would load the emulator when the module is imported.</remarks>
    [Parameter]
    [ValidateSet(nameof(EmulatorRequestForm.Both), nameof(EmulatorRequestForm.ModelPage), nameof(EmulatorRequestForm.OpenApi))]
    public string RequestForm { get; set; } = nameof(EmulatorRequestForm.Both);

    /// <summary>
    /// Fields that the service does not know are dropped in silence, instead of refused with 400. With -RequestForm ModelPage or OpenApi, a webhook in
    /// the other form is such a field.
    /// </summary>
    [Parameter]
    public SwitchParameter IgnoreUnknownField { get; set; }

    /// <summary>A known idempotency key returns its job also for another request, instead of a refusal with 409.</summary>
    [Parameter]
    public SwitchParameter AllowKeyReuse { get; set; }

    /// <summary>
    /// How all submissions are refused once -RefuseAfter jobs have been accepted: InvalidKey with 401, InactiveKey with 403, RateLimit with 429. The
    /// default is None.
    /// </summary>
    [Parameter]
    [ValidateSet(
        nameof(EmulatorRefusal.None), nameof(EmulatorRefusal.InvalidKey), nameof(EmulatorRefusal.InactiveKey), nameof(EmulatorRefusal.RateLimit))]
    public string Refusal { get; set; } = nameof(EmulatorRefusal.None);

    /// <summary>How many jobs are accepted before -Refusal. The default is 0: the first submission is refused.</summary>
    [Parameter]
    public int RefuseAfter { get; set; }

    /// <summary>
    /// How many requests a minute the service takes, image files not counted; it refuses more with 429 and Retry-After. The default is 0, no limit.
    /// </summary>
    [Parameter]
    public int RequestsPerMinute { get; set; }

    /// <summary>How many jobs may run at once; more are refused with 429 without Retry-After. The default is 0, no limit.</summary>
    [Parameter]
    public int ConcurrentJobs { get; set; }

    /// <summary>The least size of an image file in bytes, to try out large downloads. The default is 0: as small as the picture is.</summary>
    [Parameter]
    public int ImageBytes { get; set; }

    /// <summary>
    /// What running jobs say of their progress: Fine rises evenly, Coarse in steps of 25, Stuck stays at 37, Zero says 0. The default is Fine.
    /// </summary>
    [Parameter]
    [ValidateSet(nameof(EmulatorProgress.Fine), nameof(EmulatorProgress.Coarse), nameof(EmulatorProgress.Stuck), nameof(EmulatorProgress.Zero))]
    public string Progress { get; set; } = nameof(EmulatorProgress.Fine);

    /// <summary>The credit balance at the start. The default is 1000000. The method AddCredits of the running emulator raises it.</summary>
    [Parameter]
    public int Credits { get; set; } = 1_000_000;

    /// <summary>How many credits every image costs. The default is 0: prices by resolution and model.</summary>
    [Parameter]
    public int CreditCost { get; set; }

    /// <summary>How many seconds an uploaded file can be fetched, 0 to 86400. The default is 3600.</summary>
    [Parameter]
    public double UploadLifetimeSec { get; set; } = 3600;

    /// <summary>
    /// How many seconds the service knows an idempotency key, 0 to 31536000. After that, a submission under the key makes a new job, which is billed.
    /// The default is 86400.
    /// </summary>
    [Parameter]
    public double IdempotencyKeyLifetimeSec { get; set; } = 86400;

    /// <summary>
    /// How many seconds the service stores the image of a job after the job has ended, 0 to 31536000. The default is as long as the emulator runs.
    /// </summary>
    [Parameter]
    public double ImageLifetimeSec { get; set; } = double.PositiveInfinity;

    /// <summary>
    /// How webhooks are signed: with the hash of the key as RawBytes or as HexText, on which the service's documents differ, or not at all, None.
    /// The default is RawBytes.
    /// </summary>
    [Parameter]
    [ValidateSet(
        nameof(EmulatorWebhookSignature.RawBytes), nameof(EmulatorWebhookSignature.HexText), nameof(EmulatorWebhookSignature.None))]
    public string WebhookSignature { get; set; } = nameof(EmulatorWebhookSignature.RawBytes);

    /// <summary>Refusals with status 400 say only that something is wrong, and name no field.</summary>
    [Parameter]
    public SwitchParameter HideErrorDetails { get; set; }

    /// <summary>Jobs leave out <c>input</c>, the echo of their request.</summary>
    [Parameter]
    public SwitchParameter HideInput { get; set; }

    /// <summary>The only key to take. The default is a random one, which the ApiKey property of the emulator holds.</summary>
    [Parameter]
    [SecretTransformation]
    public SecureString? ApiKey { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ShouldProcess("127.0.0.1", "Start an emulator of the Apiframe service"))
        {
            return;
        }

        try
        {
            WriteObject(RunningEmulators.Start(
                new BananaEmulatorOptions
                {
                    Port = Port,
                    ApiKey = ApiKey is null ? null : new NetworkCredential(string.Empty, ApiKey).Password,
                    GenerationTimeSec = GenerationTimeSec,
                    GenerationTimeSpread = GenerationTimeSpread,
                    FailureRate = FailureRate,
                    Faults = FaultList.Parse(Fault ?? []),
                    FaultDurationSec = FaultDurationSec,
                    Seed = Seed,
                    RequestsPerMinute = RequestsPerMinute,
                    ConcurrentJobs = ConcurrentJobs,
                    ImageBytes = ImageBytes,
                    Progress = (EmulatorProgress)Enum.Parse(typeof(EmulatorProgress), Progress, ignoreCase: true),
                    RequestForm = (EmulatorRequestForm)Enum.Parse(typeof(EmulatorRequestForm), RequestForm, ignoreCase: true),
                    IgnoreUnknownFields = IgnoreUnknownField,
                    AllowKeyReuse = AllowKeyReuse,
                    Refusal = (EmulatorRefusal)Enum.Parse(typeof(EmulatorRefusal), Refusal, ignoreCase: true),
                    RefuseAfter = RefuseAfter,
                    Credits = Credits,
                    CreditCost = CreditCost,
                    UploadLifetimeSec = UploadLifetimeSec,
                    IdempotencyKeyLifetime = Lifetime(nameof(IdempotencyKeyLifetimeSec), IdempotencyKeyLifetimeSec),
                    ImageLifetime = double.IsPositiveInfinity(ImageLifetimeSec) ? null : Lifetime(nameof(ImageLifetimeSec), ImageLifetimeSec),
                    WebhookSignature = (EmulatorWebhookSignature)Enum.Parse(typeof(EmulatorWebhookSignature), WebhookSignature, ignoreCase: true),
                    HideErrorDetails = HideErrorDetails,
                    HideInput = HideInput,
                },
                SetEnvironment));
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(Errors.EmulatorNotStarted(e));
        }
        catch (SocketException e)
        {
            ThrowTerminatingError(Errors.EmulatorWithoutPort(e, Port));
        }
    }

    /// <summary>A time span cannot hold every number of seconds, so this is checked before the emulator checks it.</summary>
    private static TimeSpan Lifetime(string name, double seconds) => seconds is >= 0 and <= 31_536_000
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {seconds}. Allowed: 0 to 31536000 seconds."));
}
