using System;
using System.Diagnostics;
using System.Management.Automation;

namespace Apiframe.NanoBanana;

/// <summary>
/// One bar for a cmdlet: nothing in the first second, then at most one update a second, and its end only if it was ever shown.
/// Used on the pipeline thread.
/// </summary>
internal sealed class ProgressBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _activity;
    private readonly string _verb;
    private readonly int _activityId;
    private readonly Action<ProgressRecord> _write;
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private int _started;
    private int _done;
    private int _failed;
    private bool _isShown;

    /// <param name="activity">What is being done.</param>
    /// <param name="verb">What has happened to a thing that is done.</param>
    /// <param name="activityId">Tells the bars of the cmdlets of a pipeline apart.</param>
    /// <param name="write">Writes to the progress stream.</param>
    public ProgressBar(string activity, string verb, int activityId, Action<ProgressRecord> write)
    {
        _activity = activity;
        _verb = verb;
        _activityId = activityId;
        _write = write;
    }

    public void Started() => _started++;

    public void Done() => _done++;

    public void Failed() => _failed++;

    /// <summary>What was done was a step before other work about the same thing, which counts alone.</summary>
    public void Continued()
    {
        _started--;
        _done--;
    }

    /// <summary>Shows how things stand, if it is time to.</summary>
    /// <param name="nearestPercent">How far the job is that will be done next, if that is known.</param>
    /// <param name="secondsLeft">Until the last one is likely to be done, if that is known.</param>
    /// <param name="held">For how long the service's limit holds requests back; zero or less if it does not.</param>
    public void Update(int? nearestPercent, int? secondsLeft, TimeSpan held)
    {
        if (_sinceLast.Elapsed < Interval || _started == 0)
        {
            return;
        }

        _sinceLast.Restart();
        _isShown = true;
        int ended = _done + _failed;
        _write(new ProgressRecord(_activityId, _activity, ProgressText.Of(_verb, _started, _done, _failed, nearestPercent, held))
        {
            PercentComplete = 100 * ended / _started,
            SecondsRemaining = secondsLeft ?? -1,
        });
    }

    /// <summary>Takes the bar away.</summary>
    public void Complete()
    {
        if (!_isShown)
        {
            return;
        }

        _isShown = false;
        try
        {
            _write(new ProgressRecord(_activityId, _activity, "done") { RecordType = ProgressRecordType.Completed });
        }
        catch (PipelineStoppedException)
        {
            // A stopped pipeline takes no more records; the host clears its bars by itself.
        }
    }
}
