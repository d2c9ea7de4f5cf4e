using System;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Http;

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

    /// <summary>Completes when no 429 is being waited out and it is the caller's turn.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (TimeToWait() is var wait && wait > TimeSpan.Zero)
        {
            await _clock.Delay(wait, cancellationToken).ConfigureAwait(false);
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

    private TimeSpan TimeToWait()
    {
        lock (_lock)
        {
            TimeSpan now = _clock.Elapsed;
            if (now < _opensAt)
            {
                return _opensAt - now;
            }

            if (now < _nextTurn)
            {
                return _nextTurn - now;
            }

            _nextTurn = _opensAt > TimeSpan.Zero ? now + Spacing : TimeSpan.Zero;
            return TimeSpan.Zero;
        }
    }
}
