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
        lock (_lock)
        {
            _delays.Add(delay);
            _elapsed += delay;
        }

        return Task.CompletedTask;
    }
}
