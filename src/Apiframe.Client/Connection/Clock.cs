using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client;

/// <summary>The clock of the client. It can be replaced, so that tests of waits do not have to wait.</summary>
internal abstract class Clock
{
    public static Clock System { get; } = new SystemClock();

    /// <summary>The current time, for HTTP dates and time stamps.</summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>The time since an arbitrary start. It never jumps, so it is used for durations.</summary>
    public abstract TimeSpan Elapsed { get; }

    /// <summary>Completes after <paramref name="delay"/>, or when it is canceled.</summary>
    public abstract Task Delay(TimeSpan delay, CancellationToken cancellationToken);

    private sealed class SystemClock : Clock
    {
        private readonly Stopwatch _stopwatch = Stopwatch.StartNew();

        public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

        public override TimeSpan Elapsed => _stopwatch.Elapsed;

        public override Task Delay(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, cancellationToken);
    }
}
