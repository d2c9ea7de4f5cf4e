using System;

namespace Apiframe.Emulator.Service;

/// <summary>So many requests a minute: a bucket that holds one minute's worth and fills up evenly.</summary>
/// <param name="perMinute">0 for no limit.</param>
/// <param name="clock">The time.</param>
internal sealed class RequestLimit(int perMinute, Func<DateTimeOffset> clock)
{
    private readonly object _gate = new();
    private DateTimeOffset _at = clock();
    private double _left = perMinute;

    /// <summary>Takes a request out of the bucket.</summary>
    /// <returns>0 if it may pass, else the whole seconds until one will.</returns>
    public int SecondsToWait()
    {
        if (perMinute == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var now = clock();
            var perSecond = perMinute / 60.0;
            _left = Math.Min(perMinute, _left + (Math.Max(0, (now - _at).TotalSeconds) * perSecond));
            _at = now;
            if (_left < 1)
            {
                return (int)Math.Ceiling((1 - _left) / perSecond);
            }

            _left--;
            return 0;
        }
    }
}
