using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

namespace Apiframe.Emulator.Jobs;

/// <summary>All jobs of the emulator's life, in the order they were accepted.</summary>
internal sealed class JobStore
{
    private readonly object _gate = new();
    private readonly JobPlanner _planner;
    private readonly CreditLedger _ledger;
    private readonly int _concurrentJobs;
    private readonly Func<DateTimeOffset> _clock;
    private readonly ConcurrentDictionary<Guid, EmulatedJob> _byId = new();
    private readonly Dictionary<string, EmulatedJob> _byIdempotencyKey = new(StringComparer.Ordinal);
    private readonly List<EmulatedJob> _running = [];
    private readonly SortedSet<string> _models = new(StringComparer.Ordinal);
    private EmulatedJob[] _jobs = new EmulatedJob[256];
    private int _count;

    public JobStore(JobPlanner planner, PriceList prices, CreditLedger ledger, int concurrentJobs, Func<DateTimeOffset> clock)
    {
        _planner = planner;
        Prices = prices;
        _ledger = ledger;
        _concurrentJobs = concurrentJobs;
        _clock = clock;
    }

    public PriceList Prices { get; }

    public DateTimeOffset Now => _clock();

    /// <param name="request">What to make.</param>
    /// <param name="idempotencyKey">Gives the earlier job that had it, if there is one.</param>
    /// <param name="inputError">Why a new job must fail; null if it need not.</param>
    public SubmitResult Submit(GenerateRequest request, string? idempotencyKey, string? inputError = null)
    {
        // One lock round the look-up and the insertion: two requests with one key must not both find it unused.
        lock (_gate)
        {
            if (idempotencyKey is not null && _byIdempotencyKey.TryGetValue(idempotencyKey, out var earlier))
            {
                return earlier.Request.Fingerprint == request.Fingerprint ? SubmitResult.Replayed(earlier) : SubmitResult.KeyConflict();
            }

            var now = Now;
            _running.RemoveAll(job => job.EndsAt <= now);
            if (_concurrentJobs > 0 && _running.Count >= _concurrentJobs)
            {
                return SubmitResult.TooManyJobs();
            }

            if (!_ledger.TryReserve(Prices.CostOf(request.Resolution), now, out var available))
            {
                return SubmitResult.InsufficientCredits(available);
            }

            var job = Append(request, now, inputError);
            _ledger.Charge(job);
            if (_concurrentJobs > 0)
            {
                _running.Add(job);
            }

            if (idempotencyKey is not null)
            {
                _byIdempotencyKey.Add(idempotencyKey, job);
            }

            return SubmitResult.Accepted(job);
        }
    }

    public EmulatedJob? Find(Guid id) => _byId.TryGetValue(id, out var job) ? job : null;

    /// <summary>Whether a job is known, and the id of the newest of the others.</summary>
    public (bool IsKnown, Guid? Other) Other(Guid id)
    {
        var isKnown = Find(id) is { } job && !job.IsHiddenAt(Now);
        lock (_gate)
        {
            var last = _count > 0 && _jobs[_count - 1].Id == id ? _count - 2 : _count - 1;
            return (isKnown, last < 0 ? null : _jobs[last].Id);
        }
    }

    /// <summary>One page of the jobs that match, newest first.</summary>
    public JobPage List(JobsQuery query)
    {
        if (query.Search is { } id)
        {
            var found = Find(id) is { } job && Matches(job, query) && IsBefore(job, query.After) ? new[] { job } : [];
            return new JobPage(found, hasMore: false);
        }

        EmulatedJob[] jobs;
        int count;
        lock (_gate)
        {
            jobs = _jobs;
            count = _count;
        }

        var page = new List<EmulatedJob>(query.Limit);
        for (var i = (int)Math.Min(count, query.After?.Ordinal ?? count) - 1; i >= 0; i--)
        {
            if (!Matches(jobs[i], query))
            {
                continue;
            }

            if (page.Count == query.Limit)
            {
                return new JobPage(page, hasMore: true);
            }

            page.Add(jobs[i]);
        }

        return new JobPage(page, hasMore: false);
    }

    /// <summary>The ids of the models jobs were made with.</summary>
    public IReadOnlyList<string> Models()
    {
        lock (_gate)
        {
            return _models.ToArray();
        }
    }

    public Billing Billing()
    {
        lock (_gate)
        {
            return _ledger.BillingAt(Now, _count);
        }
    }

    private static bool IsBefore(EmulatedJob job, EmulatedJob? after) => after is null || job.Ordinal < after.Ordinal;

    private static bool Matches(EmulatedJob job, JobsQuery query) =>
        !job.IsHiddenAt(query.Now)
        && (query.Model is null || job.Request.Model == query.Model)
        && (query.Status is null || job.StateAt(query.Now).Status == query.Status);

    private EmulatedJob Append(GenerateRequest request, DateTimeOffset now, string? inputError)
    {
        // Newest first has to be the reverse of the order of acceptance, also when the clock is set back.
        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        if (_count > 0 && createdAt < _jobs[_count - 1].CreatedAt)
        {
            createdAt = _jobs[_count - 1].CreatedAt;
        }

        var job = new EmulatedJob(JobId.Create(createdAt, _count), _count, request, createdAt, _planner.Plan(_count, inputError), Prices.CostOf(request.Resolution));
        if (_count == _jobs.Length)
        {
            // Readers hold the old array without a lock, so it is copied, never resized under them.
            var larger = new EmulatedJob[_jobs.Length * 2];
            Array.Copy(_jobs, larger, _count);
            _jobs = larger;
        }

        _jobs[_count++] = job;
        _byId[job.Id] = job;
        _models.Add(request.Model);
        return job;
    }
}
