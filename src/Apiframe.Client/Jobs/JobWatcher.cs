using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Jobs;

/// <summary>Waits for many jobs of one connection with one loop, so that a thousand waiting jobs are a thousand entries, not a thousand timers.</summary>
/// <remarks>Trouble on the way (no network, 429, 5xx, unreadable answers) is waited out within each job's time; it never loses a job.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
public sealed class JobWatcher
{
    /// <summary>A job that was accepted just now may be unknown for a moment (contract section 5).</summary>
    private static readonly TimeSpan NotFoundGrace = TimeSpan.FromSeconds(10);

    /// <summary>Task.Delay takes no more than 24 days; in a loop an hour is as good as for ever.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly ApiframeClient _client;
    private readonly Clock _clock;
    private readonly CancellationToken _cancellationToken;
    private readonly SemaphoreSlim _requests;
    private readonly object _lock = new();
    private readonly List<Entry> _entries = [];
    private TaskCompletionSource<bool> _changed = NewSignal();
    private bool _running;

    /// <summary>Makes a watcher; it starts with the first job.</summary>
    /// <param name="client">Whom to ask.</param>
    /// <param name="throttleLimit">How many requests may be under way at once.</param>
    /// <param name="cancellationToken">Stops the watcher and every wait.</param>
    public JobWatcher(ApiframeClient client, int throttleLimit, CancellationToken cancellationToken)
    {
        _client = client;
        _clock = client.Connection.Clock;
        _requests = new SemaphoreSlim(throttleLimit);
        _cancellationToken = cancellationToken;
    }

    /// <summary>The job once it is final, whether it was made, failed or was cancelled.</summary>
    /// <param name="job">The job as known; one that is final already is returned as it is.</param>
    /// <param name="timeout">How long to wait from now on; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <exception cref="ApiframeException">
    /// <see cref="ApiframeErrorKind.WaitTimeout"/> with the job as last seen; or what makes waiting pointless (no such job, key not accepted).
    /// </exception>
    public Task<BananaJob> WaitAsync(BananaJob job, TimeSpan timeout)
    {
        if (job.IsSettled)
        {
            return Task.FromResult(job);
        }

        TimeSpan now = _clock.Elapsed;
        var entry = new Entry(job, now, timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : now + timeout);
        // A job whose age is not known may be done already, and one that was submitted before may say so.
        entry.NextPoll = job.AcceptedAt is { } accepted && !job.IsFinal ? now + PollSchedule.DelayBeforeNext(now - accepted, job.Progress) : now;
        lock (_lock)
        {
            _entries.Add(entry);
            if (!_running)
            {
                _running = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }

            _changed.TrySetResult(true);
        }

        return entry.Ended.Task;
    }

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                foreach (Entry entry in TakeDue())
                {
                    _ = PollAsync(entry);
                }

                if (NextWait() is not { } next)
                {
                    return;
                }

                if (!next.Changed.IsCompleted)
                {
                    // The signal ends the wait early: a new job may be due before the ones that are waited for.
                    using var waking = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
                    await Task.WhenAny(next.Changed, _clock.Delay(next.Wait, waking.Token)).ConfigureAwait(false);
                    waking.Cancel();
                }

                _cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            EndAll(entry => entry.Ended.TrySetCanceled(_cancellationToken));
        }
        catch (Exception e)
        {
            EndAll(entry => entry.Ended.TrySetException(e));
        }
    }

    /// <summary>Ends what is out of time and picks what is to be asked now.</summary>
    private List<Entry> TakeDue()
    {
        lock (_lock)
        {
            TimeSpan now = _clock.Elapsed;
            foreach (Entry late in _entries.Where(entry => entry.Deadline <= now))
            {
                late.Ended.TrySetException(late.TimedOut());
            }

            _entries.RemoveAll(entry => entry.Ended.Task.IsCompleted);
            _changed = NewSignal();
            var due = _entries.Where(entry => !entry.Asking && entry.NextPoll <= now).ToList();
            due.ForEach(entry => entry.Asking = true);
            return due;
        }
    }

    /// <summary>How long nothing is due, and what ends that early; null when no job is left.</summary>
    private (TimeSpan Wait, Task Changed)? NextWait()
    {
        lock (_lock)
        {
            _entries.RemoveAll(entry => entry.Ended.Task.IsCompleted);
            if (_entries.Count == 0)
            {
                _running = false;
                return null;
            }

            TimeSpan next = _entries.Min(entry => entry.Asking || entry.Deadline < entry.NextPoll ? entry.Deadline : entry.NextPoll);
            TimeSpan wait = next - _clock.Elapsed;
            return (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait, _changed.Task);
        }
    }

    private async Task PollAsync(Entry entry)
    {
        try
        {
            await _requests.WaitAsync(_cancellationToken).ConfigureAwait(false);
            try
            {
                entry.Job = await _client.GetJobAsync(entry.Job, retry: false, _cancellationToken).ConfigureAwait(false);
                entry.Trouble = null;
                entry.Troubles = 0;
            }
            finally
            {
                _requests.Release();
            }

            if (entry.Job.IsSettled)
            {
                entry.Ended.TrySetResult(entry.Job);
            }
        }
        catch (OperationCanceledException)
        {
            entry.Ended.TrySetCanceled(_cancellationToken);
        }
        catch (ApiframeException e) when (e.IsTransient || (e.Kind == ApiframeErrorKind.NotFound && entry.Job.AcceptedAt is not null && entry.Age(_clock) < NotFoundGrace))
        {
            entry.Trouble = e;
            entry.Troubles++;
        }
        catch (Exception e)
        {
            entry.Ended.TrySetException(e);
        }

        lock (_lock)
        {
            TimeSpan delay = PollSchedule.DelayBeforeNext(entry.Age(_clock), entry.Job.Progress);
            // In trouble the gaps double, up to half a minute, so that a service on its knees is not asked by everyone at once.
            TimeSpan backoff = TimeSpan.FromSeconds(Math.Min(30, 0.25 * Math.Pow(2, entry.Troubles)));
            entry.NextPoll = _clock.Elapsed + (entry.Troubles > 0 && backoff > delay ? backoff : delay);
            entry.Asking = false;
            _changed.TrySetResult(true);
        }
    }

    private void EndAll(Action<Entry> end)
    {
        lock (_lock)
        {
            _entries.ForEach(end);
            _entries.Clear();
            _running = false;
        }
    }

    private sealed class Entry
    {
        private readonly TimeSpan _since;

        public Entry(BananaJob job, TimeSpan now, TimeSpan deadline)
        {
            Job = job;
            _since = job.AcceptedAt ?? now;
            Deadline = deadline;
        }

        public BananaJob Job { get; set; }

        public TimeSpan Deadline { get; }

        public TimeSpan NextPoll { get; set; }

        public bool Asking { get; set; }

        public int Troubles { get; set; }

        public ApiframeException? Trouble { get; set; }

        public TaskCompletionSource<BananaJob> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TimeSpan Age(Clock clock) => clock.Elapsed - _since;

        public ApiframeException TimedOut() => new(
            ApiframeErrorKind.WaitTimeout,
            $"Job {Job.JobId} did not end in the time given; it goes on at the service (last seen: {(Job.Status.Length == 0 ? "never" : Job.Status)}).",
            Trouble) { Job = Job };
    }
}
