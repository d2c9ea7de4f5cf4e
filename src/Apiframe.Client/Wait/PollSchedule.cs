using System;

namespace Apiframe.Client.Wait;

/// <summary>
/// Decides when the status of a job is requested next. Pure: it uses the age of the job, its progress, and the usual duration of such jobs.
/// </summary>
/// <remarks>
/// <para>The aim is few requests, and a short time between the end of a job and the request that finds it:</para>
/// <para>1. <b>The end is estimated.</b> Two progress values form a line, and the estimate is where the line reaches 100 percent. One value forms a rough line
/// from the
/// start of the job, which ends too late. Without values (none, or stuck, or in coarse steps), the estimate is the usual duration.</para>
/// <para>2. <b>The uncertainty is estimated.</b> For a line, it is a tenth of the remaining time. For the usual duration, it is the usual deviation of
/// jobs.</para>
/// <para>3. <b>The next request is sent at the estimate minus the uncertainty</b>, after one early request and one at half time, which provide two progress
/// values.</para>
/// <para>4. <b>Around the estimate, the steps are a third of the uncertainty.</b> For an overdue job, the steps grow with the overdue time.</para>
/// </remarks>
internal sealed class PollSchedule
{
    private const double FirstLook = 2;
    private const double ShortestStep = 0.2;
    private const double LongestStep = 5;

    /// <summary>The fraction of a rough line, so that the next progress value comes before the end of the job and well after the first value.</summary>
    private const double PartOfRoughLine = 0.6;

    /// <summary>
    /// The minimum uncertainty as a fraction of the usual duration. If a few jobs happened to have similar durations, the steps would otherwise be so small
    /// that the next job causes many requests.
    /// </summary>
    private const double LeastUnsureness = 0.25;

    private const double PartOfLast = 1.1;
    private const double PartOfUnsureness = 0.3;
    private const double PartOfOverdueTime = 0.2;

    private readonly JobDuration _usual;
    private (double Age, int Progress)? _first;
    private (double Age, int Progress)? _last;
    private bool _isFine;

    public PollSchedule(JobDuration usual) => _usual = usual;

    /// <summary>The age at which the job is likely to end.</summary>
    public double LikelyEnd => Line() ?? _usual.Mean;

    /// <summary>Records the result of a request.</summary>
    /// <param name="age">The seconds since the job was accepted.</param>
    /// <param name="progress">The progress, 0 to 100, or null.</param>
    public void Observe(double age, int? progress)
    {
        if (progress is not (> 0 and < 100) || progress == _last?.Progress)
        {
            return;
        }

        if (IsStuck(age))
        {
            _first = null;
        }

        // Steps of 5, 10, or 25 are too coarse. A line through them is wrong by up to one step.
        _isFine |= progress % 5 != 0;
        _last = (age, progress.Value);
        _first ??= _last;
    }

    /// <summary>Returns the seconds from <paramref name="age"/> to the next request.</summary>
    public double NextDelay(double age)
    {
        bool hasFigure = _last is not null && !IsStuck(age);
        if (age < FirstLook && !hasFigure)
        {
            // If the last job was faster than the first request, as in an emulator, the requests start sooner, at ages that double.
            double first = Math.Min(FirstLook, _usual.Mean / 2);
            double early = PartOfLast * (_usual.Last ?? FirstLook);
            return Math.Max(ShortestStep, early >= first ? first - age : age < early ? early - age : Math.Min(age, first - age));
        }

        double halfWay = age < _usual.Mean / 2 ? (_usual.Mean / 2) - age : double.MaxValue;
        double rough = hasFigure ? PartOfRoughLine * age * (100 - _last!.Value.Progress) / _last.Value.Progress : double.MaxValue;
        double delay = hasFigure && Line() is { } end ? UntilNear(end, age, unsure: 0.1 + (0.1 * Math.Max(0, end - age)))
            : hasFigure && _isFine ? Math.Min(halfWay, rough)
            : Math.Min(Math.Min(halfWay, rough), UntilNear(_usual.Mean, age, Math.Max(_usual.Spread, LeastUnsureness * _usual.Mean)));
        return Math.Min(LongestStep, Math.Max(ShortestStep, delay));
    }

    private static double UntilNear(double end, double age, double unsure)
    {
        double early = end - unsure - age;
        return early > 0 ? early : Math.Max(PartOfUnsureness * unsure, PartOfOverdueTime * (age - end));
    }

    /// <summary>Returns the age at which the line through the first and the last progress value reaches 100 percent.</summary>
    private double? Line() => _isFine && _first is { } first && _last is { } last && last.Progress > first.Progress
        ? last.Age + ((100 - last.Progress) * (last.Age - first.Age) / (last.Progress - first.Progress))
        : null;

    private bool IsStuck(double age) => _last is { } last && age - last.Age > 0.5 + (0.15 * age);
}
