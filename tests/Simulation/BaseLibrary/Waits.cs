using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Simulation.Machine;

namespace Apiframe.Client;

/// <summary>Work that the thread pool would run. It runs when its process is scheduled.</summary>
internal static class Work
{
    public static Task Run(Action work) => Run(() =>
    {
        work();
        return Task.FromResult(true);
    });

    public static Task Run(Func<Task> work, CancellationToken cancellationToken = default) => Run(
        async () =>
        {
            await work();
            return true;
        },
        cancellationToken);

    public static Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken) => Run(() => Task.FromResult(work()), cancellationToken);

    private static Task<T> Run<T>(Func<Task<T>> work, CancellationToken cancellationToken = default)
    {
        var done = new TaskCompletionSource<T>();
        World.Current.Post(World.Current.Running, async () =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                done.SetResult(await work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }
}

/// <summary>The queue of the thread pool. Queued work runs when its process is scheduled.</summary>
internal static class ThreadPool
{
    public static void QueueUserWorkItem(Action<object?> work) => Work.Run(() => work(null));
}

/// <summary>A task source whose waiting code is always posted, and never runs inside the call that completes it.</summary>
internal sealed class TaskCompletionSource<T>
{
    private readonly System.Threading.Tasks.TaskCompletionSource<T> _source = new();

    public TaskCompletionSource(TaskCreationOptions options = TaskCreationOptions.None) => _ = options;

    public Task<T> Task => _source.Task;

    public void SetResult(T result) => World.Outside(() => _source.SetResult(result));

    public void SetException(Exception exception) => World.Outside(() => _source.SetException(exception));

    public bool TrySetResult(T result) => Try(() => _source.TrySetResult(result));

    public bool TrySetException(Exception exception) => Try(() => _source.TrySetException(exception));

    public bool TrySetCanceled(CancellationToken cancellationToken) => Try(() => _source.TrySetCanceled(cancellationToken));

    private static bool Try(Func<bool> complete)
    {
        bool isFirst = false;
        World.Outside(() => isFirst = complete());
        return isFirst;
    }
}

/// <summary>A semaphore that releases waiting calls in their order of arrival, each by a post.</summary>
internal sealed class SemaphoreSlim(int count)
{
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = new();
    private int _count = count;

    public async Task WaitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_count > 0)
        {
            _count--;
            return;
        }

        var turn = new TaskCompletionSource<bool>();
        LinkedListNode<TaskCompletionSource<bool>> place = _waiting.AddLast(turn);
        using CancellationTokenRegistration stop = cancellationToken.Register(() =>
        {
            if (turn.TrySetCanceled(cancellationToken))
            {
                _waiting.Remove(place);
            }
        });
        await turn.Task;
    }

    public void Release()
    {
        if (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            next.Value.TrySetResult(true);
        }
        else
        {
            _count++;
        }
    }
}

/// <summary>A token source whose timer uses the simulated clock.</summary>
internal sealed class CancellationTokenSource : System.Threading.CancellationTokenSource
{
    private CancellationTokenRegistration _link;
    private int _timer;

    public CancellationTokenSource()
    {
    }

    public CancellationTokenSource(TimeSpan delay) => CancelAfter(delay);

    public static new CancellationTokenSource CreateLinkedTokenSource(CancellationToken token)
    {
        var source = new CancellationTokenSource();
        source._link = token.Register(source.Cancel);
        return source;
    }

    public new void Cancel() => World.Outside(base.Cancel);

    public new void CancelAfter(TimeSpan delay)
    {
        int timer = ++_timer;
        World.Current.After(delay, World.Current.Running, () =>
        {
            if (timer == _timer)
            {
                Cancel();
            }
        });
    }

    protected override void Dispose(bool disposing)
    {
        _timer++;
        _link.Dispose();
        base.Dispose(disposing);
    }
}
