using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests;

/// <summary>Pauses that last until the test ends them.</summary>
internal sealed class FakePause
{
    private readonly Channel<(TimeSpan Time, TaskCompletionSource Over)> _begun = Channel.CreateUnbounded<(TimeSpan, TaskCompletionSource)>();
    private TaskCompletionSource _over = new();

    /// <summary>How many have begun that were not waited for.</summary>
    public int Begun => _begun.Reader.Count;

    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelling = cancellationToken.Register(() => over.TrySetCanceled(cancellationToken));
        Assert.True(_begun.Writer.TryWrite((time, over)));
        await over.Task;
    }

    /// <summary>Waits until the emulator pauses next.</summary>
    /// <returns>How long it would.</returns>
    public async Task<TimeSpan> BegunAsync()
    {
        (var time, _over) = await _begun.Reader.ReadAsync(TestContext.Current.CancellationToken);
        return time;
    }

    /// <summary>Ends the pause that was waited for last.</summary>
    public void End() => _over.TrySetResult();
}
