using System;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Wait;

/// <summary>One job that is waited for: what is known of it and when to look next. Changed under the watcher's lock only.</summary>
internal sealed class WatchedJob
{
    /// <summary>How long a service that contradicts itself (no such job, completed without an image) can take to become consistent.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>After so many lists in a row that do not show a job, it is asked for by its id.</summary>
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
    /// <param name="timeout">How long to wait from now on; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="connection">The job's connection.</param>
    public WatchedJob(BananaJob job, TimeSpan timeout, ApiframeConnection connection)
    {
        _clock = connection.Session.Clock;
        _schedule = new PollSchedule(connection.Session.Durations.Expected(job));
        _timeout = timeout;
        _deadline = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _clock.Elapsed + timeout;
        _start = StartOf(job);
        Job = job;
        // A job whose age is not known may be done already, and one that was submitted before may say so.
        NextLook = job.AcceptedAt is null || job.IsFinal ? _clock.Elapsed : _clock.Elapsed + TimeSpan.FromSeconds(_schedule.NextDelay(Age));
    }

    /// <summary>As last seen.</summary>
    public BananaJob Job { get; private set; }

    /// <summary>When to look next, on the clock.</summary>
    public TimeSpan NextLook { get; private set; }

    /// <summary>Whether a request about it is under way.</summary>
    public bool IsAsked { get; set; }

    /// <summary>How it is looked at while there are many jobs; of few, each is asked for by its id anyway.</summary>
    public LookedAt LookedAt { get; private set; }

    /// <summary>The wait's end.</summary>
    public TaskCompletionSource<BananaJob> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Until it is likely to end; 0 when it is overdue.</summary>
    public double SecondsLeft => Math.Max(0, _schedule.LikelyEnd - Age);

    private double Age => (_clock.Elapsed - _start).TotalSeconds;

    /// <summary>When something is to be done about it, on the clock.</summary>
    /// <param name="listIsUnderWay">Whether it waits for a list that has been asked for: then only its deadline counts.</param>
    /// <param name="nextList">When the next list may be asked for, if it is looked at in lists; else zero.</param>
    public TimeSpan NextEvent(bool listIsUnderWay, TimeSpan nextList)
    {
        TimeSpan look = NextLook < nextList ? nextList : NextLook;
        return IsAsked || listIsUnderWay || _deadline < look ? _deadline : look;
    }

    /// <summary>
    /// Records that the service returned 404 for the job, and returns whether that may pass: a service that has known a job can return 404
    /// for a moment, until all its servers know the job.
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

    /// <summary>Records a status. A completed job without its image is asked for by its id for a while: the list may leave the result out.</summary>
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

    /// <summary>Takes in that a look failed.</summary>
    public void Miss(ApiframeException trouble)
    {
        _trouble = trouble;
        _troubles++;
    }

    /// <summary>Takes in that a list did not show it, or did not come: another user's job, one that is not listed yet, or a list that keeps failing.</summary>
    public void MissedByList()
    {
        if (++_listsWithout >= MostListsWithout)
        {
            LookedAt = LookedAt.ById;
        }
    }

    /// <summary>Takes in that lists are refused: who may not list may still ask for each job, or is told why not.</summary>
    public void DeniedList() => LookedAt = LookedAt.ById;

    /// <summary>Sets the next look, not before <paramref name="wait"/> is over.</summary>
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

        // The service's clock may be ahead of ours.
        TimeSpan age = job is { IsTold: true, CreatedAt: { } created } ? _clock.UtcNow - created : TimeSpan.Zero;
        return _clock.Elapsed - (age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }
}

/// <summary>How a job is looked at.</summary>
internal enum LookedAt
{
    /// <summary>In lists, a hundred jobs with one request.</summary>
    InLists,

    /// <summary>By its id, for good: lists do not show it, or not all of it.</summary>
    ById,
}
