using System;

namespace Apiframe.Emulator;

/// <summary>So many requests in a minute; the minutes are counted from the emulator's start.</summary>
internal sealed class RequestLimit
{
    private readonly object _gate = new();
    private readonly int _perMinute;
    private readonly DateTimeOffset _start;
    private long _minute;
    private int _taken;

    /// <param name="perMinute">0 for no limit.</param>
    /// <param name="start">When the first minute begins.</param>
    public RequestLimit(int perMinute, DateTimeOffset start)
    {
        _perMinute = perMinute;
        _start = start;
    }

    /// <summary>Counts a request.</summary>
    /// <returns>0 if it may pass, else the whole seconds to the next minute.</returns>
    public int SecondsToWait(DateTimeOffset now)
    {
        if (_perMinute == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var elapsed = now - _start;
            var minute = (long)elapsed.TotalMinutes;
            if (minute != _minute)
            {
                _minute = minute;
                _taken = 0;
            }

            return _taken++ < _perMinute ? 0 : (int)Math.Ceiling(60 - (elapsed.TotalSeconds % 60));
        }
    }
}
