using System;
using System.Diagnostics;
using System.Management.Automation;

namespace Apiframe.NanoBanana;

/// <summary>
/// The progress bar of a cmdlet. It appears after one second and is updated at most once a second. Its end is written only if it was shown. Used on the
/// pipeline thread.
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

    /// <param name="activity">The activity.</param>
    /// <param name="verb">The past participle for finished items.</param>
    /// <param name="activityId">Distinguishes the bars of the cmdlets of a pipeline.</param>
    /// <param name="write">Writes to the progress stream.</param>
    public ProgressBar(string activity, string verb, int activityId, Action<ProgressRecord> write)
    {
        _activity = activity;
        _verb = verb;
        _activityId = activityId;
        _write = write;
    }

    /// <summary>Whether the bar should be updated. The values of an update are not cheap, because they depend on all running jobs.</summary>
    public bool IsDue => _started > 0 && _sinceLast.Elapsed >= Interval;

    public void Started() => _started++;

    public void Done() => _done++;

    public void Failed() => _failed++;

    /// <summary>Records that finished work was a step before other work for the same item. Only the other work counts.</summary>
    public void Continued()
    {
        _started--;
        _done--;
    }

    /// <summary>Updates the bar. Called when <see cref="IsDue"/>.</summary>
    /// <param name="nearestPercent">The progress of the job that is likely to finish next, or null.</param>
    /// <param name="secondsLeft">The seconds until the last job is likely to finish, or null.</param>
    /// <param name="held">The time for which the rate limit holds requests back. Zero or less if it does not.</param>
    public void Update(int? nearestPercent, int? secondsLeft, TimeSpan held)
    {
        _sinceLast.Restart();
        _isShown = true;
        int ended = _done + _failed;
        _write(new ProgressRecord(_activityId, _activity, ProgressText.Of(_verb, _started, _done, _failed, nearestPercent, held))
        {
            PercentComplete = 100 * ended / _started,
            SecondsRemaining = secondsLeft ?? -1,
        });
    }

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
            // A stopped pipeline accepts no more records. The host removes its bars by itself.
        }
    }
}
