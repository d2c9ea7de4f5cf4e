using System;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;

namespace Simulation.Machine;

/// <summary>The clock that the client of a process uses.</summary>
internal sealed class ProcessClock(World world, Process process) : Clock
{
    private readonly TimeSpan _started = world.Elapsed;

    public override DateTimeOffset UtcNow => world.UtcNow;

    public override TimeSpan Elapsed => world.Elapsed - _started;

    public override Task Delay(TimeSpan delay, CancellationToken cancellationToken)
    {
        var wait = new System.Threading.Tasks.TaskCompletionSource();
        CancellationTokenRegistration stop = cancellationToken.Register(() => World.Outside(() => wait.TrySetCanceled(cancellationToken)));
        world.After(delay, process, () =>
        {
            stop.Dispose();
            World.Outside(() => wait.TrySetResult());
        });
        return wait.Task;
    }
}
