using System;
using System.Collections.Generic;
using Apiframe.Client;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>
/// Decides when the next image can be submitted. The second image is submitted after the job of the first was taken from the pipeline, and the number of
/// concurrent submissions then at most doubles with each round. A pipeline that takes only a few jobs, as with Select-Object -First, therefore pays for less
/// than twice as many, and a long batch soon reaches its full speed. Used on the pipeline thread.
/// </summary>
internal sealed class SlowStart
{
    /// <summary>The time without a response after which another image is submitted, so that one slow response does not delay the batch.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HashSet<SubmitRequest> _underWay = [];
    private readonly Func<TimeSpan> _elapsed;
    private TimeSpan _lastChange;
    private int _places = 1;

    /// <param name="elapsed">Returns the time since any fixed moment.</param>
    public SlowStart(Func<TimeSpan> elapsed) => _elapsed = elapsed;

    public bool HasPlace()
    {
        if (_underWay.Count >= _places && _elapsed() - _lastChange >= Patience)
        {
            AddPlace();
        }

        return _underWay.Count < _places;
    }

    public void Begin(SubmitRequest image)
    {
        _underWay.Add(image);
        _lastChange = _elapsed();
    }

    /// <summary>Records that the job of an image, or its error, was taken from the pipeline.</summary>
    /// <param name="target">The request. Any other target belongs to another kind of work and is ignored.</param>
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
