using System;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Connection;

/// <summary>
/// Controls when the calls of a connection are sent. A 429 with a time holds back every call, because the limit applies to the account. After the first 429,
/// calls are spaced, so that those that waited do not all cause the next 429. Waiting submissions precede waiting status requests, because the service can work
/// on a submitted job whether or not its status is requested.
/// </summary>
internal sealed class RateGate
{
    /// <summary>The spacing allows 3,000 calls a minute. This is far above any known limit, so the spacing alone delays no call.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(20);

    private readonly Clock _clock;
    private readonly object _lock = new();
    private readonly TurnOrder _order = new();
    private TimeSpan _opensAt;
    private TimeSpan _nextTurn;
    private TaskCompletionSource<bool> _turnTaken = NewSignal();
    private int _refusals;

    public RateGate(Clock clock) => _clock = clock;

    /// <summary>The remaining time of a hold. Zero or less if there is none.</summary>
    public TimeSpan HeldFor
    {
        get
        {
            lock (_lock)
            {
                return _opensAt - _clock.Elapsed;
            }
        }
    }

    /// <summary>The number of requests that the service has rejected because of too many requests.</summary>
    public int Refusals
    {
        get
        {
            lock (_lock)
            {
                return _refusals;
            }
        }
    }

    /// <summary>Completes after any hold, when it is the turn of the caller.</summary>
    /// <param name="patience">The maximum time to wait for a hold.</param>
    /// <param name="goesFirst">Whether the caller precedes waiting calls without this flag.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Zero. If <paramref name="patience"/> is shorter than the hold, the remaining time of the hold, without waiting.</returns>
    public async Task<TimeSpan> WaitAsync(TimeSpan patience, bool goesFirst, CancellationToken cancellationToken)
    {
        TimeSpan started = _clock.Elapsed;
        Count(goesFirst, 1);
        try
        {
            while (true)
            {
                (TimeSpan wait, bool isHold, Task? turnOfAnother) = TakeTurn(goesFirst);
                if (isHold && wait > patience - (_clock.Elapsed - started))
                {
                    return wait;
                }

                if (turnOfAnother is not null)
                {
                    await EndOf(turnOfAnother, cancellationToken).ConfigureAwait(false);
                }
                else if (wait > TimeSpan.Zero)
                {
                    await _clock.Delay(wait, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    return TimeSpan.Zero;
                }
            }
        }
        finally
        {
            Count(goesFirst, -1);
        }
    }

    /// <summary>Records that the service has rejected a request because of too many requests.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _refusals++;
        }
    }

    /// <summary>Holds calls back for <paramref name="delay"/> from now. A shorter hold never shortens a longer one.</summary>
    public void Hold(TimeSpan delay)
    {
        lock (_lock)
        {
            TimeSpan opensAt = _clock.Elapsed + delay;
            if (opensAt > _opensAt)
            {
                _opensAt = opensAt;
            }
        }
    }

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task EndOf(Task task, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(task, Task.Delay(Timeout.Infinite, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Takes the turn if it is free, and returns zero. Otherwise, returns how long to wait before the next try and whether this is a hold, or a task that ends
    /// when another call has taken its turn.
    /// </summary>
    private (TimeSpan Wait, bool IsHold, Task? TurnOfAnother) TakeTurn(bool goesFirst)
    {
        lock (_lock)
        {
            TimeSpan now = _clock.Elapsed;
            if (now < _opensAt)
            {
                return (_opensAt - now, true, null);
            }

            if (now < _nextTurn)
            {
                return (_nextTurn - now, false, null);
            }

            if (!_order.TryTake(goesFirst))
            {
                return (TimeSpan.Zero, false, _turnTaken.Task);
            }

            _nextTurn = _opensAt > TimeSpan.Zero ? now + Spacing : TimeSpan.Zero;
            Signal();
            return (TimeSpan.Zero, false, null);
        }
    }

    private void Count(bool goesFirst, int change)
    {
        lock (_lock)
        {
            _order.Count(goesFirst, change);
            Signal();
        }
    }

    /// <summary>Lets the calls try again that have left their turn to another call.</summary>
    private void Signal()
    {
        TaskCompletionSource<bool> taken = _turnTaken;
        _turnTaken = NewSignal();
        taken.SetResult(true);
    }
}
