using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.NanoBanana;

/// <summary>
/// Work runs on the thread pool and returns what to write; only the pipeline thread writes. Every method but <see cref="Post"/>
/// and <see cref="Stop"/> is called on the pipeline thread, so <see cref="_pending"/> needs no lock.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    /// <summary>Time for running work to notice the stop, to delete its partial file, and to learn the answer to a submission that is on the wire.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private const int TickMilliseconds = 250;

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _ready = new();
    private readonly CountdownEvent _working = new(1);
    private readonly Action _tick;
    private int _pending;
    private bool _isEnded;

    /// <param name="tick">Called on the pipeline thread after each thing written, and now and then while waiting.</param>
    public PipelinePump(Action tick) => _tick = tick;

    /// <summary>Cancelled when the pipeline stops, however it stops.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Starts work once fewer than <paramref name="limit"/> are under way, writing what has finished meanwhile.</summary>
    /// <param name="work">Returns what to do on the pipeline thread. What it throws is thrown there.</param>
    /// <param name="limit">The most work under way at once.</param>
    public void Start(Func<CancellationToken, Task<Action>> work, int limit)
    {
        WaitForPlace(limit);
        _pending++;
        _working.AddCount();
        _ = Task.Run(async () =>
        {
            Action write;
            try
            {
                write = await work(Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                var thrown = ExceptionDispatchInfo.Capture(e);
                write = thrown.Throw;
            }

            Post(() =>
            {
                _pending--;
                write();
            });
            _working.Signal();
        });
        WriteReady();
    }

    /// <summary>Writes what finishes until fewer than <paramref name="limit"/> are under way.</summary>
    public void WaitForPlace(int limit)
    {
        if (_isEnded)
        {
            throw new PipelineStoppedException();
        }

        while (_pending >= limit)
        {
            WriteNext();
        }
    }

    /// <summary>Queues something to be done on the pipeline thread, from any thread.</summary>
    public void Post(Action action)
    {
        if (!_stop.IsCancellationRequested)
        {
            _ready.Add(action);
        }
    }

    /// <summary>Writes what has finished, without waiting.</summary>
    public void WriteReady()
    {
        while (_ready.TryTake(out Action? action))
        {
            action();
        }
    }

    /// <summary>Writes what finishes until all work has, or until <paramref name="done"/> says that it is enough. It is asked four times a second at least.</summary>
    public void WriteUntil(Func<bool> done)
    {
        while (_pending > 0 && !done())
        {
            WriteNext();
        }

        WriteReady();
    }

    /// <summary>Cancels all work; what it would have written is dropped.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops and waits until the work has cleaned up. The queue is left to the collector: late work may still post to it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (!_isEnded)
        {
            _isEnded = true;
            _working.Signal();
        }

        _working.Wait(StopTimeout);
    }

    /// <summary>Writes the next thing that finishes, or nothing if nothing does within a tick.</summary>
    private void WriteNext()
    {
        Action? action;
        try
        {
            _ready.TryTake(out action, TickMilliseconds, Token);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }

        action?.Invoke();
        _tick();
    }
}
