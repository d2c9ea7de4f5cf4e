using System;
using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>
/// Says when the next image may be submitted: at first once the one before it came out, then up to twice as many at once with each round. So a pipeline that
/// takes only a few jobs, as one with Select-Object -First does, pays for less than twice as many, and a long batch is soon as fast as it can be. Used on the
/// pipeline thread.
/// </summary>
internal sealed class SlowStart
{
    /// <summary>After so long without a response, another image is submitted, so that a single slow one does not hold up the batch.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HashSet<SubmitRequest> _underWay = [];
    private readonly Func<TimeSpan> _elapsed;
    private TimeSpan _lastChange;
    private int _places = 1;

    /// <param name="elapsed">The time since any fixed moment.</param>
    public SlowStart(Func<TimeSpan> elapsed) => _elapsed = elapsed;

    /// <summary>Whether another image may be submitted now.</summary>
    public bool HasPlace()
    {
        if (_underWay.Count >= _places && _elapsed() - _lastChange >= Patience)
        {
            AddPlace();
        }

        return _underWay.Count < _places;
    }

    /// <summary>An image is submitted.</summary>
    public void Begin(SubmitRequest image)
    {
        _underWay.Add(image);
        _lastChange = _elapsed();
    }

    /// <summary>The job of an image, or its error, was taken by what follows in the pipeline.</summary>
    /// <param name="target">The request. Anything else is the target of another kind of work, and is ignored.</param>
    public void End(object target)
    {
        if (target is SubmitRequest image && _underWay.Remove(image))
        {
            AddPlace();
        }
    }

    private void AddPlace()
    {
        _places++;
        _lastChange = _elapsed();
    }
}
