using System;

namespace Apiframe.Emulator;

/// <summary>So many requests a minute: a bucket that holds one minute's worth and fills up evenly.</summary>
internal sealed class RequestLimit
{
    private readonly object _gate = new();
    private readonly int _perMinute;
    private DateTimeOffset _at;
    private double _left;

    /// <param name="perMinute">0 for no limit.</param>
    /// <param name="start">When the bucket is full.</param>
    public RequestLimit(int perMinute, DateTimeOffset start)
    {
        _perMinute = perMinute;
        _left = perMinute;
        _at = start;
    }

    /// <summary>Takes a request out of the bucket.</summary>
    /// <returns>0 if it may pass, else the whole seconds until one will.</returns>
    public int SecondsToWait(DateTimeOffset now)
    {
        if (_perMinute == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var perSecond = _perMinute / 60.0;
            _left = Math.Min(_perMinute, _left + (Math.Max(0, (now - _at).TotalSeconds) * perSecond));
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
