using System;
using System.Linq;
using System.Net;

namespace Apiframe.Emulator.Service;

/// <summary>Rejects options outside their range, with the value and the allowed range.</summary>
internal static class OptionsCheck
{
    private const int MaxApiKeyLength = 256;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static void Check(BananaEmulatorOptions options)
    {
        CheckRange(nameof(options.Port), options.Port, IPEndPoint.MaxPort, "from 1 to 65535, or 0 for a free port");
        CheckRange(nameof(options.GenerationTimeSec), options.GenerationTimeSec, 86400, "from 0 to 86400 seconds");
        CheckRange(nameof(options.GenerationTimeSpread), options.GenerationTimeSpread, 1, "from 0 to 1");
        CheckRange(nameof(options.FailureRate), options.FailureRate, 1, "from 0 to 1");
        CheckRange(nameof(options.Credits), options.Credits, int.MaxValue, "0 or more");
        CheckRange(nameof(options.RefuseAfter), options.RefuseAfter, int.MaxValue, "0 or more");
        CheckRange(nameof(options.CreditCost), options.CreditCost, int.MaxValue, "1 or more, or 0 for prices by resolution");
        CheckRange(nameof(options.RequestsPerMinute), options.RequestsPerMinute, int.MaxValue, "1 or more, or 0 for no limit");
        CheckRange(nameof(options.ConcurrentJobs), options.ConcurrentJobs, int.MaxValue, "1 or more, or 0 for no limit");
        CheckRange(nameof(options.ImageBytes), options.ImageBytes, 100_000_000, "from 0 to 100000000 bytes");
        CheckRange(nameof(options.UploadLifetimeSec), options.UploadLifetimeSec, 86400, "from 0 to 86400 seconds");
        CheckLifetime(nameof(options.IdempotencyKeyLifetime), options.IdempotencyKeyLifetime);
        CheckLifetime(nameof(options.ImageLifetime), options.ImageLifetime ?? TimeSpan.Zero);
        CheckRange(nameof(options.FaultDurationSec), options.FaultDurationSec, 86400, "from 0 to 86400 seconds");
        CheckChoice(nameof(options.Progress), options.Progress);
        CheckChoice(nameof(options.RequestForm), options.RequestForm);
        CheckChoice(nameof(options.Refusal), options.Refusal);
        CheckChoice(nameof(options.WebhookSignature), options.WebhookSignature);
        if (options.ApiKey is not null)
        {
            CheckApiKey(nameof(options.ApiKey), options.ApiKey);
        }
    }

    public static void CheckRange(string name, double value, double most, string allowed)
    {
        // This condition also rejects NaN, which is neither less than nor greater than any number.
        if (!(value >= 0 && value <= most))
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}. The value must be {allowed}."));
        }
    }

    private static void CheckLifetime(string name, TimeSpan value) => CheckRange(name, value.TotalSeconds, 31_536_000, "from 0 to 31536000 seconds");

    public static void CheckChoice<TChoice>(string name, TChoice value)
        where TChoice : struct, Enum
    {
        if (!Enum.IsDefined(typeof(TChoice), value))
        {
            var choices = Enum.GetNames(typeof(TChoice));
            var allowed = string.Join(", ", choices.Take(choices.Length - 1)) + ", or " + choices.Last();
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}. The value must be {allowed}.");
        }
    }

    /// <summary>Checks a key. The messages do not contain the key.</summary>
    private static void CheckApiKey(string name, string key)
    {
        if (key.Length is 0 or > MaxApiKeyLength)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} has {key.Length} characters. The number of characters must be from 1 to {MaxApiKeyLength}.");
        }

        foreach (var c in key.Where(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentOutOfRangeException(name, $"{name} contains the character U+{(int)c:X4}. Only printable ASCII characters, except the space, are allowed.");
        }
    }
}
