using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>What became of a submission: the new job, the earlier one of a replay, or a refusal.</summary>
internal readonly record struct Submission(EmulatedJob? Job, bool IsReplay = false, HttpResponse? Refusal = null);

/// <summary>What has been made and paid for at one moment.</summary>
internal readonly record struct Billing(long JobsAccepted, long ImagesBilled, long CreditsBilled, long Balance);

/// <summary>All jobs of the emulator's life, in the order they were accepted, and the team's balance that pays for them.</summary>
/// <param name="planner">Decides on the course of each job.</param>
/// <param name="prices">What jobs cost.</param>
/// <param name="credits">The balance at the start.</param>
/// <param name="concurrentJobs">How many jobs may run at once; 0 for no limit.</param>
/// <param name="clock">The time.</param>
internal sealed class JobStore(JobPlanner planner, PriceList prices, long credits, int concurrentJobs, Func<DateTimeOffset> clock)
{
    private readonly object _gate = new();
    private readonly List<EmulatedJob> _jobs = [];
    private readonly Dictionary<Guid, EmulatedJob> _byId = [];
    private readonly Dictionary<string, EmulatedJob> _byIdempotencyKey = new(StringComparer.Ordinal);
    private readonly List<EmulatedJob> _refundsDue = [];
    private long _charged;
    private long _refundedJobs;

    public DateTimeOffset Now => clock();

    public static bool TryId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);

    /// <param name="request">What to make.</param>
    /// <param name="idempotencyKey">Gives the earlier job that had it, if there is one.</param>
    /// <param name="inputError">Why a new job must fail; null if it need not.</param>
    public Submission Submit(GenerateRequest request, string? idempotencyKey, string? inputError = null)
    {
        // One lock round the look-up and the insertion: two requests with one key must not both find it unused.
        lock (_gate)
        {
            if (idempotencyKey is not null && _byIdempotencyKey.TryGetValue(idempotencyKey, out var earlier))
            {
                return earlier.Request.Fingerprint == request.Fingerprint
                    ? new Submission(earlier, IsReplay: true)
                    : Refused(JsonResponse.Error(409, "Idempotency-Key was used with another request body"));
            }

            var now = Now;
            if (concurrentJobs > 0 && _jobs.Count(job => now < job.EndsAt) >= concurrentJobs)
            {
                return Refused(JsonResponse.Error(429, "Too many concurrent jobs"));
            }

            var cost = prices.CostOf(request.Resolution);
            Refund(now);
            if (credits - _charged < cost)
            {
                return Refused(JsonResponse.Of(402, new JsonObject
                {
                    ["error"] = "Insufficient credits",
                    ["creditsRequired"] = cost,
                    ["creditsAvailable"] = credits - _charged,
                }));
            }

            var job = Add(request, now, cost, inputError);
            if (idempotencyKey is not null)
            {
                _byIdempotencyKey.Add(idempotencyKey, job);
            }

            return new Submission(job);
        }
    }

    public EmulatedJob? Find(Guid id)
    {
        lock (_gate)
        {
            return _byId.TryGetValue(id, out var job) ? job : null;
        }
    }

    /// <param name="before">Begins behind this one; null for the newest.</param>
    public IEnumerable<EmulatedJob> NewestFirst(EmulatedJob? before = null)
    {
        for (var i = before?.Ordinal ?? Count(); i > 0; i--)
        {
            yield return At((int)i - 1);
        }
    }

    /// <summary>The ids of the models jobs were made with.</summary>
    public IReadOnlyList<string> Models()
    {
        lock (_gate)
        {
            return [.. _jobs.Select(job => job.Request.Model).Distinct().OrderBy(model => model, StringComparer.Ordinal)];
        }
    }

    public Billing Billing()
    {
        lock (_gate)
        {
            Refund(Now);
            return new Billing(_jobs.Count, _jobs.Count - _refundedJobs, _charged, credits - _charged);
        }
    }

    private static Submission Refused(HttpResponse refusal) => new(null, Refusal: refusal);

    private EmulatedJob Add(GenerateRequest request, DateTimeOffset now, int cost, string? inputError)
    {
        // Newest first has to be the reverse of the order of acceptance, also when the clock is set back.
        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        if (_jobs.Count > 0 && createdAt < _jobs[_jobs.Count - 1].CreatedAt)
        {
            createdAt = _jobs[_jobs.Count - 1].CreatedAt;
        }

        var job = new EmulatedJob(NewId(createdAt, _jobs.Count), _jobs.Count, request, createdAt, planner.Plan(_jobs.Count, inputError), cost);
        _jobs.Add(job);
        _byId.Add(job.Id, job);
        _charged += cost;
        if (job.WillBeRefunded)
        {
            _refundsDue.Add(job);
        }

        return job;
    }

    /// <summary>Pays back what jobs cost that have ended FAILED or CANCELLED.</summary>
    private void Refund(DateTimeOffset now) => _refundsDue.RemoveAll(job =>
    {
        var isDue = now >= job.EndsAt;
        _charged -= isDue ? job.Cost : 0;
        _refundedJobs += isDue ? 1 : 0;
        return isDue;
    });

    private int Count()
    {
        lock (_gate)
        {
            return _jobs.Count;
        }
    }

    private EmulatedJob At(int ordinal)
    {
        lock (_gate)
        {
            return _jobs[ordinal];
        }
    }

    /// <summary>
    /// A version 7 UUID with the job's ordinal behind the time, so that the listing's order, creation time and then id, is the order of
    /// acceptance even for jobs of one millisecond.
    /// </summary>
    private static Guid NewId(DateTimeOffset createdAt, long ordinal)
    {
        var milliseconds = createdAt.ToUnixTimeMilliseconds();
        return new Guid(
            (int)(milliseconds >> 16),
            (short)milliseconds,
            (short)(0x7000 | ((ordinal >> 14) & 0x0fff)),
            [(byte)(0x80 | ((ordinal >> 8) & 0x3f)), (byte)ordinal, .. Guid.NewGuid().ToByteArray().Skip(10)]);
    }
}
