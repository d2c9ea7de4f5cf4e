using System;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Wait;

/// <summary>One job of a watcher: its last known status and the time of the next request. Changed only under the lock of the watcher.</summary>
internal sealed class WatchedJob
{
    /// <summary>The time for which contradictory responses (an unknown job, or a completed job without an image) are tolerated.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>The number of consecutive lists without the job after which it is requested by its ID.</summary>
    private const int MostListsWithout = 2;

    private readonly Clock _clock;
    private readonly PollSchedule _schedule;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _deadline;
    private TimeSpan _start;
    private ApiframeException? _trouble;
    private int _troubles;
    private int _listsWithout;
    private TimeSpan? _deniedAt;
    private TimeSpan? _imageDueAt;

    /// <param name="job">The job.</param>
    /// <param name="timeout">The maximum time to wait from now on. <see cref="Timeout.InfiniteTimeSpan"/> means no limit.</param>
    /// <param name="connection">The connection of the job.</param>
    public WatchedJob(BananaJob job, TimeSpan timeout, ApiframeConnection connection)
    {
        _clock = connection.Session.Clock;
        _schedule = new PollSchedule(connection.Session.Durations.Expected(job));
        _timeout = timeout;
        _deadline = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _clock.Elapsed + timeout;
        _start = StartOf(job);
        Job = job;
        // A job of unknown age may have ended, and so may a replayed job whose status is final.
        NextLook = job.AcceptedAt is null || job.IsFinal ? _clock.Elapsed : _clock.Elapsed + TimeSpan.FromSeconds(_schedule.NextDelay(Age));
    }

    /// <summary>The job with its last known status.</summary>
    public BananaJob Job { get; private set; }

    /// <summary>The elapsed time of the clock at the next request.</summary>
    public TimeSpan NextLook { get; private set; }

    public bool IsAsked { get; set; }

    /// <summary>How the job is requested while there are many jobs. A few jobs are always requested by their IDs.</summary>
    public LookedAt LookedAt { get; private set; }

    public TaskCompletionSource<BananaJob> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The seconds until the job is likely to end, or null if it is overdue.</summary>
    public int? SecondsLeft => _schedule.LikelyEnd - Age is > 0 and double left ? (int)Math.Ceiling(left) : null;

    private double Age => (_clock.Elapsed - _start).TotalSeconds;

    /// <summary>Returns the elapsed time of the clock at the next request or at the timeout.</summary>
    /// <param name="listIsUnderWay">Whether a running list request covers the job. Only its timeout counts then.</param>
    /// <param name="nextList">The earliest time of the next list if the job is read from lists. Otherwise, zero.</param>
    public TimeSpan NextEvent(bool listIsUnderWay, TimeSpan nextList)
    {
        TimeSpan look = NextLook < nextList ? nextList : NextLook;
        return IsAsked || listIsUnderWay || _deadline < look ? _deadline : look;
    }

    /// <summary>
    /// Records that the service returned 404 for the job. Returns whether this may be temporary: a service that has returned the job can return 404 until all
    /// its servers know the job.
    /// </summary>
    public bool MayReappear()
    {
        _deniedAt ??= _clock.Elapsed;
        return Job.IsFromService && _clock.Elapsed - _deniedAt < Grace;
    }

    public void TimeOutIfLate()
    {
        if (_deadline <= _clock.Elapsed && Job.LacksImage)
        {
            Ended.TrySetResult(Job);
        }
        else if (_deadline <= _clock.Elapsed)
        {
            string status = Job.Status.Length == 0 ? "not known" : Job.Status;
            Ended.TrySetException(new ApiframeException(
                ApiframeErrorKind.WaitTimeout,
                $"Job {Job.JobId} did not finish within {_timeout.TotalSeconds:0.###} s and is still running at the service (last status: {status}).",
                _trouble)
            {
                Job = Job,
                Charge = Charge.Billed,
            });
        }
    }

    /// <summary>
    /// Records the status of the job. A completed job without its image is requested by its ID for a while, because lists can omit the result.
    /// </summary>
    public void See(BananaJob job, bool fromList)
    {
        Job = job;
        _trouble = null;
        _troubles = 0;
        _deniedAt = null;
        _start = StartOf(job);
        _schedule.Observe(Age, job.Progress);
        _listsWithout = fromList ? 0 : _listsWithout;
        if (job.LacksImage)
        {
            LookedAt = LookedAt.ById;
            _imageDueAt ??= _clock.Elapsed + Grace;
        }

        if (job.IsSettled() || _imageDueAt <= _clock.Elapsed)
        {
            Ended.TrySetResult(job);
        }
    }

    public void Miss(ApiframeException trouble)
    {
        _trouble = trouble;
        _troubles++;
    }

    /// <summary>
    /// Records that a list did not contain the job, or failed. The job can belong to another user, or be too new for the list, or all lists can fail.
    /// </summary>
    public void MissedByList()
    {
        if (++_listsWithout >= MostListsWithout)
        {
            LookedAt = LookedAt.ById;
        }
    }

    /// <summary>Records that lists are rejected. Single jobs can still be requested, or return the reason.</summary>
    public void DeniedList() => LookedAt = LookedAt.ById;

    /// <summary>Schedules the next request, at the earliest after <paramref name="wait"/>.</summary>
    public void Schedule(TimeSpan wait)
    {
        double delay = Ended.Task.IsCompleted ? 0 : _schedule.NextDelay(Age);
        NextLook = _clock.Elapsed + TimeSpan.FromSeconds(Math.Max(Math.Max(delay, LookRetry.Pause(_troubles).TotalSeconds), wait.TotalSeconds));
        IsAsked = false;
    }

    private TimeSpan StartOf(BananaJob job)
    {
        if (job.AcceptedAt is { } accepted)
        {
            return accepted;
        }

        // The clock of the service can be ahead of this computer.
        TimeSpan age = job is { IsTold: true, CreatedAt: { } created } ? _clock.UtcNow - created : TimeSpan.Zero;
        return _clock.Elapsed - (age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }
}

internal enum LookedAt
{
    /// <summary>From lists, with a hundred jobs for each request.</summary>
    InLists,

    /// <summary>By its ID until the end, because lists do not contain it or omit a part of it.</summary>
    ById,
}
