using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client;

/// <summary>Time as the core sees it, so that every rule about waiting can be tested without waiting.</summary>
internal abstract class Clock
{
    /// <summary>The machine's clock.</summary>
    public static Clock System { get; } = new SystemClock();

    /// <summary>The calendar time, for HTTP dates and time stamps.</summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>Time since an arbitrary start; never jumps, so durations are taken from it.</summary>
    public abstract TimeSpan Elapsed { get; }

    /// <summary>Completes after <paramref name="delay"/>, or is cancelled.</summary>
    public abstract Task Delay(TimeSpan delay, CancellationToken cancellationToken);

    private sealed class SystemClock : Clock
    {
        private readonly Stopwatch _stopwatch = Stopwatch.StartNew();

        public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

        public override TimeSpan Elapsed => _stopwatch.Elapsed;

        public override Task Delay(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, cancellationToken);
    }
}
