using System;

namespace Apiframe.Client.Wait;

/// <summary>
/// How many status requests a watcher may send: a burst for the seconds in which jobs end, and over time half of the 500 a minute that the service was seen to
/// allow, so that submitting is never held up by watching. When the service refuses requests, somebody else uses the account too: the budget is then halved, and
/// it grows back within minutes. So the watchers of several processes share a limit that none of them knows. Pure.
/// </summary>
internal sealed class RequestBudget
{
    /// <summary>How many seconds' worth may be sent at once.</summary>
    private const double BurstSeconds = 30;

    private const double MostPerSecond = 4;

    /// <summary>A hundred jobs are read with one request, so even this is enough to see them all end.</summary>
    private const double LeastPerSecond = 0.25;

    /// <summary>From nothing to the most in five minutes.</summary>
    private const double RecoveryPerSecond = MostPerSecond / 300;

    /// <summary>Requests that were on their way together are refused together: that is one refusal.</summary>
    private static readonly TimeSpan OneRefusal = TimeSpan.FromSeconds(5);

    private double _perSecond = MostPerSecond;
    private double _left = MostPerSecond * BurstSeconds;
    private TimeSpan _at;
    private TimeSpan? _refusedAt;
    private int _refusals;

    /// <summary>Counts requests and says how long to wait before the next.</summary>
    /// <param name="requests">How many were sent.</param>
    /// <param name="now">The clock's time.</param>
    /// <param name="refusals">How many requests the service has refused with 429 so far, those of others on the same connection included.</param>
    public TimeSpan Spend(int requests, TimeSpan now, int refusals)
    {
        double seconds = (now - _at).TotalSeconds;
        _at = now;
        _perSecond = Math.Min(MostPerSecond, _perSecond + (seconds * RecoveryPerSecond));
        _left += (seconds * _perSecond) - requests;
        if (refusals > _refusals && !(now - _refusedAt < OneRefusal))
        {
            _refusedAt = now;
            _perSecond = Math.Max(LeastPerSecond, _perSecond / 2);
            _left = Math.Min(_left, 0);
        }

        _refusals = refusals;
        _left = Math.Min(_left, _perSecond * BurstSeconds);
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / _perSecond);
    }
}
