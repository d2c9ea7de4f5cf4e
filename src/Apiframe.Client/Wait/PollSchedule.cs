using System;

namespace Apiframe.Client.Wait;

/// <summary>
/// When to look at one job next. Pure: it knows the job's age, what it said of its progress, and how long such jobs usually take.
/// </summary>
/// <remarks>
/// <para>The aim is few looks, and a short wait between a job's end and the look that finds it. So:</para>
/// <para>1. <b>Guess when it ends.</b> Two progress figures make a line, and the line's 100 % is the guess. One figure makes a rough line from the job's
/// start, which ends too late. Without figures (none, or stuck, or in coarse steps) the guess is the usual time.</para>
/// <para>2. <b>Say how unsure that is.</b> A line is off by a tenth of what is left of it, the usual time by how far jobs usually stray from it.</para>
/// <para>3. <b>Wait until the guess less the unsureness</b>, but look once early and once half way, to have two figures by then.</para>
/// <para>4. <b>Around the guess, look in steps of a third of the unsureness.</b> When a job is overdue, the steps grow with the time overdue.</para>
/// </remarks>
internal sealed class PollSchedule
{
    private const double FirstLook = 2;
    private const double ShortestStep = 0.2;
    private const double LongestStep = 5;

    /// <summary>Of a rough line, so that the next figure comes before the job's end and well apart from the first.</summary>
    private const double PartOfRoughLine = 0.6;

    /// <summary>Of the usual time: a few jobs that happened to be alike must not make the steps so small that the next one costs many looks.</summary>
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

    /// <summary>Takes in what a look has shown.</summary>
    /// <param name="age">Seconds since the job was accepted.</param>
    /// <param name="progress">What it said, 0 to 100 or nothing.</param>
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

        // Steps of 5, 10 or 25 are no measurement: a line through them is off by up to a whole step.
        _isFine |= progress % 5 != 0;
        _last = (age, progress.Value);
        _first ??= _last;
    }

    /// <summary>Seconds from <paramref name="age"/> to the next look.</summary>
    public double NextDelay(double age)
    {
        bool hasFigure = _last is not null && !IsStuck(age);
        if (age < FirstLook && !hasFigure)
        {
            // A service that has just made a job faster than the first look, as an emulator does, is looked at sooner, at ages that double.
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

    /// <summary>The age at which the line through the first and the last figure reaches 100 %.</summary>
    private double? Line() => _isFine && _first is { } first && _last is { } last && last.Progress > first.Progress
        ? last.Age + ((100 - last.Progress) * (last.Age - first.Age) / (last.Progress - first.Progress))
        : null;

    private bool IsStuck(double age) => _last is { } last && age - last.Age > 0.5 + (0.15 * age);
}
