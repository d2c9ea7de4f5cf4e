using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Wait;

/// <summary>
/// Waits for many jobs of one connection in one loop. A few jobs are requested one by one. Many jobs are read from the list of jobs, a hundred with each
/// request, so that the number of requests does not grow with the number of jobs.
/// </summary>
/// <remarks>Temporary failures (no network, 429, 5xx, unreadable responses) are retried within the timeout of each job. They never lose a job.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
public sealed class JobWatcher
{
    /// <summary>Up to this number of jobs, single requests find the end of each job sooner than lists, without more requests.</summary>
    private const int FewJobs = 4;

    /// <summary>The interval between two lists. The end of a job is therefore found a quarter of a second late on average.</summary>
    private static readonly TimeSpan ListInterval = TimeSpan.FromMilliseconds(450);

    /// <summary>The maximum wait after a failed request. A job without a status must not wait behind all others until its timeout.</summary>
    private static readonly TimeSpan LongestWaitInTrouble = TimeSpan.FromSeconds(5);

    /// <summary>The maximum duration of a single wait. Task.Delay accepts at most 24 days, and the loop repeats the wait.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly ApiframeClient _client;
    private readonly Clock _clock;
    private readonly CancellationToken _cancellationToken;
    private readonly SemaphoreSlim _requests;
    private readonly object _lock = new();
    private readonly List<WatchedJob> _jobs = [];
    private readonly RequestBudget _budget = new();
    private TaskCompletionSource<bool> _changed = NewSignal();
    private TimeSpan _nextList;
    private TimeSpan _wakesAt;
    private bool _isListing;
    private int _jobsSoFar;
    private bool _running;
    private int _webhooksAsked;

    /// <summary>Creates a watcher. It starts with the first job.</summary>
    /// <param name="client">The client.</param>
    /// <param name="throttleLimit">The maximum number of concurrent requests. The default is 8.</param>
    /// <param name="cancellationToken">Cancels the watcher and all waits.</param>
    public JobWatcher(ApiframeClient client, int throttleLimit = 8, CancellationToken cancellationToken = default)
    {
        _client = client;
        _clock = client.Connection.Session.Clock;
        _requests = new SemaphoreSlim(throttleLimit);
        _cancellationToken = cancellationToken;
    }

    /// <summary>
    /// Whether a job that failed for a temporary reason is submitted again, as often as its request allows. The last of these jobs is then returned. The
    /// default is false.
    /// </summary>
    public bool RetriesFailed { get; init; }

    /// <summary>Called with a sentence when a job is submitted again or cannot be, on any thread.</summary>
    public Action<string>? RetryLog { get; init; }

    /// <summary>The highest progress among the running jobs, or null if no job has reported any.</summary>
    public int? NearestPercent
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Where(job => !job.Ended.Task.IsCompleted).Max(job => job.Job.Progress);
            }
        }
    }

    /// <summary>The seconds until the last job is likely to end, by the usual duration of such jobs. Null if every running job is overdue, or if none is running.</summary>
    public int? SecondsLeft
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Where(job => !job.Ended.Task.IsCompleted).Max(job => job.SecondsLeft);
            }
        }
    }

    /// <summary>Waits until a job is final: completed, failed, or canceled. The end of a job with a journal is recorded before the job is returned.</summary>
    /// <param name="job">The job. A settled job, or one whose journal contains its files, is not requested.</param>
    /// <param name="timeout">The maximum time to wait from now on. <see cref="Timeout.InfiniteTimeSpan"/> means no limit.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.WaitTimeout"/> with the last known status of the job, or a permanent error, such as an unknown job or a rejected key.
    /// <see cref="ApiframeErrorKind.JournalInUse"/>. <see cref="ApiframeErrorKind.JournalNotWritable"/> with the ended job if it could not be recorded.
    /// </exception>
    public async Task<BananaJob> WaitAsync(BananaJob job, TimeSpan timeout)
    {
        if (job.IsSaved)
        {
            return job;
        }

        TimeSpan begun = _clock.Elapsed;
        using JournalNotes notes = JournalNotes.Of(job);
        BananaJob ended = await NotedEndAsync(job, timeout, notes).ConfigureAwait(false);
        for (int attempts = 0; RetriesFailed && FailedJobRetry.IsDue(ended, _clock.UtcNow); attempts++)
        {
            if (await SubmittedAgainAsync(ended, attempts, notes).ConfigureAwait(false) is not { } next)
            {
                return ended;
            }

            TimeSpan left = timeout - (_clock.Elapsed - begun);
            left = timeout == Timeout.InfiniteTimeSpan ? timeout : left > TimeSpan.Zero ? left : TimeSpan.Zero;
            ended = await NotedEndAsync(next, left, notes).ConfigureAwait(false);
        }

        return ended;
    }

    private async Task<BananaJob> NotedEndAsync(BananaJob job, TimeSpan timeout, JournalNotes notes)
    {
        BananaJob ended = job.IsSettled() ? job : await WithWebhookAsync(await EndOfAsync(job, timeout).ConfigureAwait(false)).ConfigureAwait(false);
        await notes.NoteEndAsync(ended).ConfigureAwait(false);
        return ended;
    }

    /// <summary>Submits the request of a failed job again. Returns null if the service or the journal rejects it. The failed job is then the result.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.SubmissionUnknown"/>: the request may have been accepted.</exception>
    private async Task<BananaJob?> SubmittedAgainAsync(BananaJob failed, int attempts, JournalNotes notes)
    {
        await _clock.Delay(FailedJobRetry.Pause(attempts), _cancellationToken).ConfigureAwait(false);
        BananaJob? next;
        string outcome;
        try
        {
            SubmitRequest request = FailedJobRetry.Next(failed.Retry!);
            next = notes.Claim(request with { IdempotencyKey = failed.IdempotencyKey }) is { } claim
                ? await _client.SubmitAsync(claim, _cancellationToken).ConfigureAwait(false)
                : await _client.SubmitAsync(request, _cancellationToken).ConfigureAwait(false);
            outcome = $"The image was submitted again as job {next.JobId}.";
        }
        catch (ApiframeException e) when (e.Kind != ApiframeErrorKind.SubmissionUnknown)
        {
            // A job that was accepted but could not be noted is waited for like any other job.
            next = e.Job;
            outcome = next is null ? $"The image was not submitted again: {e.Message}" : $"The image was submitted again. {e.Message}";
        }

        RetryLog?.Invoke($"Job {failed.JobId} failed: {(failed.Error ?? BananaJob.NoReason).TrimEnd('.')}. {outcome}");
        return next;
    }

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Requests a job to find out whether it has the requested webhook, if it comes from a list. Only one job of each watcher is requested, because all of them
    /// were submitted in the same way.
    /// </summary>
    private async Task<BananaJob> WithWebhookAsync(BananaJob ended)
    {
        if (!ended.WantsWebhook || ended.HasWebhook is not null || Interlocked.Exchange(ref _webhooksAsked, 1) != 0)
        {
            return ended;
        }

        try
        {
            BananaJob told = await _client.GetJobAsync(ended, retry: false, _cancellationToken).ConfigureAwait(false);
            return told.IsSettled() ? told : ended;
        }
        catch (ApiframeException)
        {
            // The wait was for the image, which exists, so an error of this request is ignored.
            return ended;
        }
    }

    private Task<BananaJob> EndOfAsync(BananaJob job, TimeSpan timeout)
    {
        var watched = new WatchedJob(job, timeout, _client.Connection);
        lock (_lock)
        {
            _jobs.Add(watched);
            _jobsSoFar++;
            if (job.AcceptedAt is not null)
            {
                _budget.Earn();
            }

            if (!_running)
            {
                _running = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
            else if (NextEvent(watched, UsesList) < _wakesAt)
            {
                _changed.TrySetResult(true);
            }
        }

        return watched.Ended.Task;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                foreach (Func<Task> look in TakeDue())
                {
                    _ = look();
                }

                if (NextWait() is not { } next)
                {
                    return;
                }

                if (!next.Changed.IsCompleted)
                {
                    // The signal ends the wait early, because a new job can be due before the known ones.
                    using var waking = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
                    await Task.WhenAny(next.Changed, _clock.Delay(next.Wait, waking.Token)).ConfigureAwait(false);
                    waking.Cancel();
                }

                _cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            EndAll(job => job.Ended.TrySetCanceled(_cancellationToken));
        }
        catch (Exception e)
        {
            EndAll(job => job.Ended.TrySetException(e));
        }
    }

    /// <summary>Ends the waits whose timeout is over, and returns the requests that are due: lists or single jobs.</summary>
    private List<Func<Task>> TakeDue()
    {
        lock (_lock)
        {
            TimeSpan now = _clock.Elapsed;
            _jobs.ForEach(job => job.TimeOutIfLate());
            _jobs.RemoveAll(job => job.Ended.Task.IsCompleted);
            _changed = NewSignal();

            var looks = new List<Func<Task>>();
            var due = _jobs.Where(job => !job.IsAsked && job.NextLook <= now).ToList();
            if (UsesList && due.Exists(job => job.LookedAt == LookedAt.InLists) && !_isListing && _nextList <= now)
            {
                var listed = _jobs.Where(job => !job.IsAsked && job.LookedAt == LookedAt.InLists).ToList();
                listed.ForEach(job => job.IsAsked = true);
                _isListing = true;
                looks.Add(() => LookAtListAsync(listed));
            }

            foreach (WatchedJob single in due.Where(job => job.LookedAt == LookedAt.ById || !UsesList).ToList())
            {
                single.IsAsked = true;
                looks.Add(() => LookAtOneAsync(single));
            }

            return looks;
        }
    }

    private bool UsesList => _jobs.Where(job => job.LookedAt == LookedAt.InLists).Skip(FewJobs).Any();

    /// <summary>Returns the elapsed time of the clock at the next request or timeout of a job.</summary>
    private TimeSpan NextEvent(WatchedJob job, bool usesList) =>
        usesList && job.LookedAt == LookedAt.InLists ? job.NextEvent(_isListing, _nextList) : job.NextEvent(listIsUnderWay: false, TimeSpan.Zero);

    /// <summary>Returns the time until a request is due, and a task that ends this wait early. Null if no job is left.</summary>
    private (TimeSpan Wait, Task Changed)? NextWait()
    {
        lock (_lock)
        {
            _jobs.RemoveAll(job => job.Ended.Task.IsCompleted);
            if (_jobs.Count == 0)
            {
                _running = false;
                return null;
            }

            bool usesList = UsesList;
            _wakesAt = _jobs.Min(job => NextEvent(job, usesList));
            TimeSpan wait = _wakesAt - _clock.Elapsed;
            return (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait, _changed.Task);
        }
    }

    private Task LookAtOneAsync(WatchedJob job) => LookAsync([job], isList: false, async () =>
    {
        try
        {
            BananaJob seen = await _client.GetJobAsync(job.Job, retry: false, _cancellationToken).ConfigureAwait(false);
            See(job, seen, fromList: false);
        }
        catch (ApiframeException e) when (!e.IsTransient && !(e.Kind == ApiframeErrorKind.NotFound && MayReappear(job)))
        {
            job.Ended.TrySetException(e);
            EndIfPointless(e);
        }

        return 1;
    });

    /// <summary>Ends all waits if a rejection concerns the account, because it would apply to every job.</summary>
    private void EndIfPointless(ApiframeException refusal)
    {
        if (refusal.ConcernsEveryRequest)
        {
            lock (_lock)
            {
                _jobs.ForEach(job => job.Ended.TrySetException(refusal));
                _changed.TrySetResult(true);
            }
        }
    }

    private bool MayReappear(WatchedJob job)
    {
        lock (_lock)
        {
            return job.MayReappear();
        }
    }

    private Task LookAtListAsync(List<WatchedJob> jobs) => LookAsync(jobs, isList: true, async () =>
    {
        ILookup<string, WatchedJob> byId = jobs.ToLookup(job => job.Job.JobId, StringComparer.OrdinalIgnoreCase);
        var missing = new HashSet<string>(byId.Select(group => group.Key), StringComparer.OrdinalIgnoreCase);
        // With many pages, a failed page is likely, and the jobs behind it would not be read. A single page is read again in the next round.
        bool retry = jobs.Count > ApiframeClient.MaximumPageSize;
        var listing = new JobListing(cursor => _client.ListJobsAsync(
            new JobFilter(), ApiframeClient.MaximumPageSize, cursor, id => byId[id].FirstOrDefault()?.Job, retry, _cancellationToken));
        int pages = 0;
        try
        {
            do
            {
                IReadOnlyList<BananaJob> page = await listing.NextAsync().ConfigureAwait(false);
                pages++;
                foreach (BananaJob seen in page.Where(job => missing.Remove(job.JobId)))
                {
                    foreach (WatchedJob job in byId[seen.JobId])
                    {
                        See(job, seen, fromList: true);
                    }
                }
            }
            while (missing.Count > 0 && !listing.IsOver && pages < MostPages);

            Change(missing.SelectMany(id => byId[id]), job => job.MissedByList());
        }
        catch (ApiframeException e) when (!e.IsTransient)
        {
            Change(jobs, job => job.DeniedList());
            // An account that cannot list jobs can still request each job. A rejected key can do neither.
            if (e.Kind != ApiframeErrorKind.Forbidden)
            {
                EndIfPointless(e);
            }
        }

        return pages;
    });

    /// <summary>
    /// The maximum number of pages. The jobs are among the newest jobs of the account, unless others submit many more. Single requests are then cheaper.
    /// </summary>
    private int MostPages => 2 + (_jobsSoFar * 2 / ApiframeClient.MaximumPageSize);

    /// <summary>Runs a request, records its failure, and schedules the next one.</summary>
    /// <param name="jobs">The jobs of the request.</param>
    /// <param name="isList">Whether the request reads the list.</param>
    /// <param name="look">Returns the number of requests that were sent.</param>
    private async Task LookAsync(List<WatchedJob> jobs, bool isList, Func<Task<int>> look)
    {
        int spent = 1;
        ApiframeException? trouble = null;
        try
        {
            await _requests.WaitAsync(_cancellationToken).ConfigureAwait(false);
            try
            {
                spent = jobs.TrueForAll(job => job.Ended.Task.IsCompleted) ? 0 : await look().ConfigureAwait(false);
            }
            finally
            {
                _requests.Release();
            }
        }
        catch (OperationCanceledException)
        {
            jobs.ForEach(job => job.Ended.TrySetCanceled(_cancellationToken));
        }
        catch (ApiframeException e)
        {
            trouble = e;
        }
        catch (Exception e)
        {
            jobs.ForEach(job => job.Ended.TrySetException(e));
        }

        lock (_lock)
        {
            TimeSpan wait = _budget.Spend(spent, _clock.Elapsed, _client.Connection.Session.RateGate.Refusals);
            if (trouble is not null && wait > LongestWaitInTrouble)
            {
                wait = LongestWaitInTrouble;
            }

            foreach (WatchedJob job in jobs)
            {
                if (trouble is not null)
                {
                    job.Miss(trouble);
                }

                if (trouble is not null && isList)
                {
                    job.MissedByList();
                }

                job.Schedule(wait);
            }

            if (isList)
            {
                _isListing = false;
                _nextList = _clock.Elapsed + (wait > ListInterval ? wait : ListInterval);
            }

            _changed.TrySetResult(true);
        }
    }

    private void Change(IEnumerable<WatchedJob> jobs, Action<WatchedJob> change)
    {
        lock (_lock)
        {
            foreach (WatchedJob job in jobs)
            {
                change(job);
            }
        }
    }

    private void See(WatchedJob job, BananaJob seen, bool fromList)
    {
        lock (_lock)
        {
            job.See(seen, fromList);
        }

        if (seen.IsSettled())
        {
            _client.Connection.Session.Durations.Learn(seen);
        }
    }

    private void EndAll(Action<WatchedJob> end)
    {
        lock (_lock)
        {
            _jobs.ForEach(end);
            _jobs.Clear();
            _running = false;
        }
    }
}
