using System;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Connection;

/// <summary>
/// One for each connection: a 429 with a time to any call holds back every call, because the limit is the account's, not the call's.
/// From the first 429 on, calls keep a small distance, so that those that waited do not all run into the next refusal at once. Where calls wait, submissions go
/// before status requests: a prompt that is not submitted is not being made, and a job that is not asked about is.
/// </summary>
internal sealed class RateGate
{
    /// <summary>3,000 calls a minute: far more than any limit seen, so this alone holds nobody up.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(20);

    private readonly Clock _clock;
    private readonly object _lock = new();
    private readonly TurnOrder _order = new();
    private TimeSpan _opensAt;
    private TimeSpan _nextTurn;
    private TaskCompletionSource<bool> _turnTaken = NewSignal();
    private int _refusals;

    public RateGate(Clock clock) => _clock = clock;

    /// <summary>For how long a 429 is still waited out; zero or less if none is.</summary>
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

    /// <summary>How many requests the service has refused because there were too many.</summary>
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

    /// <summary>Completes when no 429 is being waited out and it is the caller's turn.</summary>
    /// <param name="patience">The longest time to wait for a 429 to pass.</param>
    /// <param name="goesFirst">Whether the caller goes before those that wait and do not.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Zero; or, as soon as it is known that <paramref name="patience"/> is too short, for how long the gate is still closed.</returns>
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

    /// <summary>Takes in that the service has refused a request because there were too many.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _refusals++;
        }
    }

    /// <summary>Closes the gate for <paramref name="delay"/> from now; a shorter hold never cuts a longer one.</summary>
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
    /// No wait, and the turn is the caller's; or how long to wait before asking again, and whether it is a 429 that is waited for; or the turn of another call,
    /// after which to ask again.
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

    /// <summary>Lets those ask again that have left their turn to another call.</summary>
    private void Signal()
    {
        TaskCompletionSource<bool> taken = _turnTaken;
        _turnTaken = NewSignal();
        taken.SetResult(true);
    }
}
