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

    /// <summary>The number of pauses that have begun and that the test has not read yet.</summary>
    public int Begun => _begun.Reader.Count;

    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelling = cancellationToken.Register(() => over.TrySetCanceled(cancellationToken));
        Assert.True(_begun.Writer.TryWrite((time, over)));
        await over.Task;
    }

    /// <summary>Waits until the emulator begins its next pause.</summary>
    /// <returns>The duration of the pause.</returns>
    public async Task<TimeSpan> BegunAsync()
    {
        (var time, _over) = await _begun.Reader.ReadAsync(TestContext.Current.CancellationToken);
        return time;
    }

    /// <summary>Ends the pause that the test read last.</summary>
    public void End() => _over.TrySetResult();
}
