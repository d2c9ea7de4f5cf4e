using System;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Connection;

/// <summary>
/// One for each connection: a 429 with a time to any call holds back every call, because the limit is the account's, not the call's.
/// From the first 429 on, calls keep a small distance, so that those that waited do not all run into the next refusal at once.
/// </summary>
internal sealed class RateGate
{
    /// <summary>3,000 calls a minute: far more than any limit seen, so this alone holds nobody up.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(20);

    private readonly Clock _clock;
    private readonly object _lock = new();
    private TimeSpan _opensAt;
    private TimeSpan _nextTurn;

    public RateGate(Clock clock) => _clock = clock;

    /// <summary>Whether a 429 is being waited out.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_lock)
            {
                return _clock.Elapsed < _opensAt;
            }
        }
    }

    /// <summary>Completes when no 429 is being waited out and it is the caller's turn.</summary>
    /// <param name="patience">The longest time to wait for a 429 to pass.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <returns>Zero; or, as soon as it is known that <paramref name="patience"/> is too short, for how long the gate is still closed.</returns>
    public async Task<TimeSpan> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        TimeSpan started = _clock.Elapsed;
        while (TakeTurn() is { Wait.Ticks: > 0 } turn)
        {
            if (turn.IsHold && turn.Wait > patience - (_clock.Elapsed - started))
            {
                return turn.Wait;
            }

            await _clock.Delay(turn.Wait, cancellationToken).ConfigureAwait(false);
        }

        return TimeSpan.Zero;
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

    /// <summary>No wait, and the turn is the caller's; or how long to wait before asking again, and whether it is a 429 that is waited for.</summary>
    private (TimeSpan Wait, bool IsHold) TakeTurn()
    {
        lock (_lock)
        {
            TimeSpan now = _clock.Elapsed;
            if (now < _opensAt)
            {
                return (_opensAt - now, true);
            }

            if (now < _nextTurn)
            {
                return (_nextTurn - now, false);
            }

            _nextTurn = _opensAt > TimeSpan.Zero ? now + Spacing : TimeSpan.Zero;
            return (TimeSpan.Zero, false);
        }
    }
}
