using System;

namespace Apiframe.Client.Wait;

/// <summary>
/// The number of status requests that a watcher can send: a burst for the seconds in which jobs end, and on average half of the 500 requests a minute that the
/// service was observed to allow, so that status requests never delay submissions. An account with a higher limit accepts more submissions, and each of them adds
/// a part of a request. If the service rejects requests, other programs use the account too. The budget is then halved, and recovers within minutes. The watchers
/// of several processes thus share a limit that none of them knows. Pure.
/// </summary>
internal sealed class RequestBudget
{
    /// <summary>The burst, as the number of seconds whose requests can be sent at once.</summary>
    private const double BurstSeconds = 30;

    private const double MostPerSecond = 4;

    /// <summary>One status request for 16 submissions. A list contains a hundred jobs, so each of these jobs can be in six lists.</summary>
    private const double PerSubmission = 1.0 / 16;

    /// <summary>The minimum rate. A hundred jobs are read with one request, so it is sufficient to find the ends of all jobs.</summary>
    private const double LeastPerSecond = 0.25;

    /// <summary>The recovery from zero to the maximum rate in five minutes.</summary>
    private const double RecoveryPerSecond = MostPerSecond / 300;

    /// <summary>The time within which rejections count as one, because requests that were sent together are rejected together.</summary>
    private static readonly TimeSpan OneRefusal = TimeSpan.FromSeconds(5);

    private double _perSecond = MostPerSecond;
    private double _left = MostPerSecond * BurstSeconds;
    private TimeSpan _at;
    private TimeSpan? _refusedAt;
    private int _refusals;

    /// <summary>Counts a submission that the service has accepted.</summary>
    public void Earn() => _left += PerSubmission;

    /// <summary>Counts requests, and returns the wait before the next one.</summary>
    /// <param name="requests">The number of requests that were sent.</param>
    /// <param name="now">The elapsed time of the clock.</param>
    /// <param name="refusals">The number of requests that the service has rejected with 429 so far, including others of the same connection.</param>
    public TimeSpan Spend(int requests, TimeSpan now, int refusals)
    {
        double seconds = (now - _at).TotalSeconds;
        _at = now;
        _perSecond = Math.Min(MostPerSecond, _perSecond + (seconds * RecoveryPerSecond));
        _left += Math.Min(seconds * _perSecond, Math.Max(0, (_perSecond * BurstSeconds) - _left)) - requests;
        if (refusals > _refusals && !(now - _refusedAt < OneRefusal))
        {
            _refusedAt = now;
            _perSecond = Math.Max(LeastPerSecond, _perSecond / 2);
            _left = Math.Min(_left, 0);
        }

        _refusals = refusals;
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / _perSecond);
    }
}
