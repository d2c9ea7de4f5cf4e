using System;

namespace Apiframe.Client.Wait;

/// <summary>
/// How many status requests a watcher may send: a burst for the seconds in which jobs end, and over time half of the 500 a minute
/// that the service was seen to allow (contract section 8), so that submitting is never held up by watching. Pure.
/// </summary>
internal sealed class RequestBudget
{
    private const double Burst = 120;
    private const double PerSecond = 4;

    private double _left = Burst;
    private TimeSpan _at;

    /// <summary>Counts requests and says how long to wait before the next.</summary>
    /// <param name="requests">How many were sent.</param>
    /// <param name="now">The clock's time.</param>
    public TimeSpan Spend(int requests, TimeSpan now)
    {
        _left = Math.Min(Burst, _left + ((now - _at).TotalSeconds * PerSecond)) - requests;
        _at = now;
        return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / PerSecond);
    }
}
