using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.NanoBanana;

/// <summary>
/// Runs work on the thread pool. The work returns what to write, and only the pipeline thread writes. Except for <see cref="Post"/> and <see cref="Stop"/>, all
/// methods are called on the pipeline thread, so <see cref="_pending"/> needs no lock.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    /// <summary>The time for running work to end after a stop: to delete its partial file, and to receive the response to a submission that was sent.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private const int TickMilliseconds = 250;

    /// <summary>
    /// The maximum number of results that are written when work starts. The queue empties, because each start leads to one result. If all results were written,
    /// the next cmdlet would save thousands of images while no prompt is submitted.
    /// </summary>
    private const int MostResultsPerStart = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _ready = new();
    private readonly CountdownEvent _working = new(1);
    private readonly Action _tick;
    private int _pending;
    private bool _isEnded;

    /// <param name="tick">Called on the pipeline thread after each result is written, and regularly while waiting.</param>
    public PipelinePump(Action tick) => _tick = tick;

    /// <summary>Canceled when the pipeline stops for any reason.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Starts work when less than <paramref name="limit"/> is running, and writes finished results meanwhile.</summary>
    /// <param name="work">Returns what to do on the pipeline thread. Its exceptions are thrown there.</param>
    /// <param name="limit">The maximum amount of concurrent work.</param>
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
        int enough = _pending - MostResultsPerStart;
        while (_pending > enough && _ready.TryTake(out Action? action))
        {
            action();
        }
    }

    /// <summary>Writes results until less work than <paramref name="limit"/> is running.</summary>
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

    /// <summary>Queues an action for the pipeline thread. Can be called from any thread.</summary>
    public void Post(Action action)
    {
        if (!_stop.IsCancellationRequested)
        {
            _ready.Add(action);
        }
    }

    /// <summary>
    /// Writes results until all work has ended or <paramref name="done"/> returns true. It is called at least four times a second.
    /// </summary>
    public void WriteUntil(Func<bool> done)
    {
        while (_pending > 0 && !done())
        {
            WriteNext();
        }

        WriteReady();
    }

    /// <summary>Cancels all work. Its results are discarded.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops all work and waits until it has cleaned up. The queue is not disposed, because late work may still post to it.</summary>
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

    private void WriteReady()
    {
        while (_ready.TryTake(out Action? action))
        {
            action();
        }
    }

    /// <summary>Writes the next result, or nothing if none is available within a tick.</summary>
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
