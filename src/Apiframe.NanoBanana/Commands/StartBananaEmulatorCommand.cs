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

/// <summary>Starts an emulator of the Apiframe service on this computer, with real HTTP and real image files, without an account and without cost.</summary>
/// <remarks>
/// For trying the module and testing scripts. The emulator listens only on 127.0.0.1. Its state is lost when it is stopped or the process ends.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "BananaEmulator", SupportsShouldProcess = true)]
[OutputType(typeof(BananaEmulator))]
public sealed class StartBananaEmulatorCommand : PSCmdlet
{
    /// <summary>
    /// Sets the environment variables APIFRAME_BASE_URL and APIFRAME_API_KEY for the process until Stop-BananaEmulator restores them, so that an unchanged
    /// script uses the emulator.
    /// </summary>
    [Parameter]
    public SwitchParameter SetEnvironment { get; set; }

    /// <summary>The port of 127.0.0.1 to listen on, 1 to 65535. The default is 0, a free port.</summary>
    [Parameter]
    public int Port { get; set; }

    /// <summary>The mean time of a job in seconds. The default is 2. The real service takes about 12 seconds.</summary>
    [Parameter]
    public double GenerationTimeSec { get; set; } = 2;

    /// <summary>The maximum deviation from the mean time, as a fraction from 0 to 1. The default is 0.25.</summary>
    [Parameter]
    public double GenerationTimeSpread { get; set; } = 0.25;

    /// <summary>The fraction of jobs that fail, 0 to 1. The default is 0.</summary>
    [Parameter]
    public double FailureRate { get; set; }

    /// <summary>
    /// The faults and their rates: <c>Name=rate</c> with a rate from 0 to 1, <c>Name</c> alone for a rate of 1, or a hashtable of names and rates. The rates of
    /// the faults of requests have a sum of at most 1, and so have the rates for downloads and for jobs. By default, no faults occur.
    /// </summary>
    [Parameter]
    [FaultTransformation]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public string[] Fault { get; set; } = [];

    /// <summary>The duration in seconds of faults that last for a time, 0 to 86400. The default is 2.</summary>
    [Parameter]
    public double FaultDurationSec { get; set; } = 2;

    /// <summary>The seed. The same seed and the same order of prompts give the same times, failures, pictures, and faults. The default is 0.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Which of the two published request forms is accepted. The default is Both.</summary>
    /// <remarks>The type is not the enumeration, because a field of that type would load the emulator when the module is imported.</remarks>
    [Parameter]
    [ValidateSet(nameof(EmulatorRequestForm.Both), nameof(EmulatorRequestForm.ModelPage), nameof(EmulatorRequestForm.OpenApi))]
    public string RequestForm { get; set; } = nameof(EmulatorRequestForm.Both);

    /// <summary>
    /// Ignores fields that the service does not know instead of rejecting them with 400. With -RequestForm ModelPage or OpenApi, a webhook in the other form is
    /// such a field.
    /// </summary>
    [Parameter]
    public SwitchParameter IgnoreUnknownField { get; set; }

    /// <summary>Returns the job of a known idempotency key for a different request instead of rejecting it with 409.</summary>
    [Parameter]
    public SwitchParameter AllowKeyReuse { get; set; }

    /// <summary>
    /// How all submissions are rejected after -RefuseAfter jobs have been accepted: InvalidKey with 401, InactiveKey with 403, RateLimit with 429. The default
    /// is None.
    /// </summary>
    [Parameter]
    [ValidateSet(
        nameof(EmulatorRefusal.None), nameof(EmulatorRefusal.InvalidKey), nameof(EmulatorRefusal.InactiveKey), nameof(EmulatorRefusal.RateLimit))]
    public string Refusal { get; set; } = nameof(EmulatorRefusal.None);

    /// <summary>The number of jobs that are accepted before -Refusal applies. The default is 0: the first submission is rejected.</summary>
    [Parameter]
    public int RefuseAfter { get; set; }

    /// <summary>
    /// The number of requests per minute, without image files. Further requests are rejected with 429 and Retry-After. The default is 0, no limit.
    /// </summary>
    [Parameter]
    public int RequestsPerMinute { get; set; }

    /// <summary>The number of concurrent jobs. Further submissions are rejected with 429 without Retry-After. The default is 0, no limit.</summary>
    [Parameter]
    public int ConcurrentJobs { get; set; }

    /// <summary>The minimum size of an image file in bytes, for tests of large downloads. The default is 0: files have no minimum size.</summary>
    [Parameter]
    public int ImageBytes { get; set; }

    /// <summary>
    /// How running jobs report their progress: Fine increases evenly, Coarse has steps of 25, Stuck stays at 37, Zero is always 0. The default is Fine.
    /// </summary>
    [Parameter]
    [ValidateSet(nameof(EmulatorProgress.Fine), nameof(EmulatorProgress.Coarse), nameof(EmulatorProgress.Stuck), nameof(EmulatorProgress.Zero))]
    public string Progress { get; set; } = nameof(EmulatorProgress.Fine);

    /// <summary>The credit balance at the start. The default is 1000000. The method AddCredits of the running emulator increases it.</summary>
    [Parameter]
    public int Credits { get; set; } = 1_000_000;

    /// <summary>The cost of every image in credits. The default is 0: the cost depends on the resolution and the model.</summary>
    [Parameter]
    public int CreditCost { get; set; }

    /// <summary>The time in seconds for which an uploaded file is available, 0 to 86400. The default is 3600.</summary>
    [Parameter]
    public double UploadLifetimeSec { get; set; } = 3600;

    /// <summary>
    /// The time in seconds for which an idempotency key is known, 0 to 31536000. After that, a submission with the key creates a new job, which is billed. The
    /// default is 86400.
    /// </summary>
    [Parameter]
    public double IdempotencyKeyLifetimeSec { get; set; } = 86400;

    /// <summary>
    /// The time in seconds for which the image of a job is stored after the job has ended, 0 to 31536000. The default is as long as the emulator runs.
    /// </summary>
    [Parameter]
    public double ImageLifetimeSec { get; set; } = double.PositiveInfinity;

    /// <summary>
    /// How webhooks are signed: with the hash of the key as RawBytes or as HexText, which are the two published forms, or not at all with None. The default is
    /// RawBytes.
    /// </summary>
    [Parameter]
    [ValidateSet(
        nameof(EmulatorWebhookSignature.RawBytes), nameof(EmulatorWebhookSignature.HexText), nameof(EmulatorWebhookSignature.None))]
    public string WebhookSignature { get; set; } = nameof(EmulatorWebhookSignature.RawBytes);

    /// <summary>Removes the names of fields from responses with status 400.</summary>
    [Parameter]
    public SwitchParameter HideErrorDetails { get; set; }

    /// <summary>Removes <c>input</c>, the echo of the request, from jobs.</summary>
    [Parameter]
    public SwitchParameter HideInput { get; set; }

    /// <summary>The only key that is accepted. The default is a random key, which the ApiKey property of the emulator contains.</summary>
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

    /// <summary>Converts seconds to a time span. The range is checked first, because a time span cannot represent every number of seconds.</summary>
    private static TimeSpan Lifetime(string name, double seconds) => seconds is >= 0 and <= 31_536_000
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {seconds}. The value must be from 0 to 31536000 seconds."));
}
