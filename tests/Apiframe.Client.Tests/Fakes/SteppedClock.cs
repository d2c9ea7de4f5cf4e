using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>A clock whose waits end only when the test moves to them, the earliest first. Several calls can therefore wait at the same time.</summary>
internal sealed class SteppedClock : Clock
{
    private readonly object _lock = new();
    private readonly List<(TimeSpan Due, TaskCompletionSource Wait)> _waits = [];
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

    public override Task Delay(TimeSpan delay, CancellationToken cancellationToken)
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(() => wait.TrySetCanceled(cancellationToken));
        lock (_lock)
        {
            _waits.Add((_elapsed + delay, wait));
        }

        return wait.Task;
    }

    /// <summary>Moves from wait to wait until the work has ended.</summary>
    public async Task RunUntil(Task work)
    {
        for (var watch = Stopwatch.StartNew(); !work.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(30);)
        {
            MoveOn();
            await Task.Yield();
        }

        await work.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    private void MoveOn()
    {
        TaskCompletionSource[] over;
        lock (_lock)
        {
            _waits.RemoveAll(one => one.Wait.Task.IsCompleted);
            if (_waits.Count == 0)
            {
                return;
            }

            TimeSpan next = _waits.Min(one => one.Due);
            _elapsed = next > _elapsed ? next : _elapsed;
            over = [.. _waits.Where(one => one.Due <= _elapsed).Select(one => one.Wait)];
        }

        Array.ForEach(over, wait => wait.TrySetResult());
    }
}
