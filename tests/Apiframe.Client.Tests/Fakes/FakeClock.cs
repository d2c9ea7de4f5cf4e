using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A clock that moves only by the waits that are requested. Each wait ends at once and is recorded.</summary>
internal sealed class FakeClock : Clock
{
    private readonly object _lock = new();
    private readonly List<TimeSpan> _delays = [];
    private TimeSpan _elapsed;

    public override DateTimeOffset UtcNow => new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero) + Elapsed;

    public override TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return _elapsed;
            }
        }
    }

    public IReadOnlyList<TimeSpan> Delays
    {
        get
        {
            lock (_lock)
            {
                return [.. _delays];
            }
        }
    }

    /// <summary>Completed when a delay begins. If it is set, no time passes, and a delay ends only when it is canceled.</summary>
    public TaskCompletionSource? Held { get; set; }

    public void Advance(TimeSpan time)
    {
        lock (_lock)
        {
            _elapsed += time;
        }
    }

    public override Task Delay(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Held is not null)
        {
            Held.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        lock (_lock)
        {
            _delays.Add(delay);
            _elapsed += delay;
        }

        return Task.CompletedTask;
    }
}
