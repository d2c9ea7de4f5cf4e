using System;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Http;

/// <summary>One for each connection: a 429 to any call holds back every call, because the limit is the account's, not the call's.</summary>
internal sealed class RateGate
{
    private readonly Clock _clock;
    private long _openAtTicks;

    public RateGate(Clock clock) => _clock = clock;

    /// <summary>Completes when no 429 is being waited out.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan remaining = TimeSpan.FromTicks(Interlocked.Read(ref _openAtTicks)) - _clock.Elapsed;
            if (remaining <= TimeSpan.Zero)
            {
                return;
            }

            await _clock.Delay(remaining, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the gate for <paramref name="delay"/> from now; a shorter hold never cuts a longer one.</summary>
    public void Hold(TimeSpan delay)
    {
        long openAt = (_clock.Elapsed + delay).Ticks;
        long current = Interlocked.Read(ref _openAtTicks);
        while (openAt > current)
        {
            long seen = Interlocked.CompareExchange(ref _openAtTicks, openAt, current);
            if (seen == current)
            {
                return;
            }

            current = seen;
        }
    }
}
