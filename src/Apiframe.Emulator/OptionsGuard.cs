using System;
using Apiframe.Emulator.Faults;

namespace Apiframe.Emulator;

/// <summary>Refuses options outside their range, naming the value and what is allowed.</summary>
internal static class OptionsGuard
{
    private const int MaxApiKeyLength = 256;

    public static void Check(BananaEmulatorOptions options)
    {
        CheckRange(nameof(options.GenerationTimeSec), options.GenerationTimeSec, 0, 86400, "0 to 86400 seconds");
        CheckRange(nameof(options.GenerationTimeSpread), options.GenerationTimeSpread, 0, 1, "0 to 1");
        CheckRange(nameof(options.FailureRate), options.FailureRate, 0, 1, "0 to 1");
        CheckRange(nameof(options.Credits), options.Credits, 0, int.MaxValue, "0 and above");
        CheckRange(nameof(options.CreditCost), options.CreditCost, 0, int.MaxValue, "1 and above, or 0 for prices by resolution");
        CheckRange(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 0, int.MaxValue, "1 and above, or 0 for no limit");
        CheckRange(nameof(options.ConcurrentJobs), options.ConcurrentJobs, 0, int.MaxValue, "1 and above, or 0 for no limit");
        CheckRange(nameof(options.ImageBytes), options.ImageBytes, 0, 100_000_000, "0 to 100000000 bytes");
        CheckRange(nameof(options.UploadLifetimeSec), options.UploadLifetimeSec, 0, 86400, "0 to 86400 seconds");
        CheckRange(nameof(options.FaultDurationSec), options.FaultDurationSec, 0, 86400, "0 to 86400 seconds");
        FaultRates.Checked(nameof(options.Faults), options.Faults);
        const int LastProgress = (int)EmulatorProgress.Zero;
        CheckRange(nameof(options.Progress), (int)options.Progress, 0, LastProgress, "Fine, Coarse, Stuck and Zero");
        const int LastForm = (int)EmulatorRequestForm.OpenApi;
        CheckRange(nameof(options.RequestForm), (int)options.RequestForm, 0, LastForm, "Both, ModelPage and OpenApi");
        const int LastSignature = (int)EmulatorWebhookSignature.None;
        CheckRange(nameof(options.WebhookSignature), (int)options.WebhookSignature, 0, LastSignature, "RawBytes, HexText and None");
        if (options.ApiKey is not null)
        {
            CheckApiKey(nameof(options.ApiKey), options.ApiKey);
        }
    }

    private static void CheckRange(string name, double value, double least, double most, string allowed)
    {
        // Written so that NaN, which is neither below nor above anything, is refused too.
        if (!(value >= least && value <= most))
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; allowed: {allowed}."));
        }
    }

    /// <summary>The messages do not repeat the key.</summary>
    private static void CheckApiKey(string name, string key)
    {
        if (key.Length is 0 or > MaxApiKeyLength)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} has {key.Length} characters; allowed: 1 to {MaxApiKeyLength}.");
        }

        foreach (var c in key)
        {
            if (c is <= ' ' or > '~')
            {
                throw new ArgumentOutOfRangeException(
                    name, $"{name} holds U+{(int)c:X4}; allowed: printable ASCII characters without the space.");
            }
        }
    }
}
