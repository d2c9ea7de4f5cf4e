using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>The result of a submission: the new job, the earlier job of a replay, or a rejection.</summary>
internal readonly record struct Submission(EmulatedJob? Job, bool IsReplay = false, HttpResponse? Refusal = null);

internal readonly record struct Billing(long JobsAccepted, long ImagesBilled, long CreditsBilled, long Balance);

/// <summary>The rules for accepting submissions.</summary>
/// <param name="ConcurrentJobs">The number of concurrent jobs, or 0 for no limit.</param>
/// <param name="KeyLifetime">The time for which an idempotency key is known.</param>
/// <param name="AllowsKeyReuse">Whether a known key returns its job for a different request.</param>
/// <param name="RefuseAfter">The number of jobs after which submissions are rejected.</param>
internal sealed record SubmissionRules(int ConcurrentJobs, TimeSpan KeyLifetime, bool AllowsKeyReuse = false, int RefuseAfter = 0);

/// <summary>All jobs since the emulator was started, in the order of acceptance, and the balance of the team that pays for them.</summary>
internal sealed class JobStore(JobPlanner planner, long credits, SubmissionRules rules, Func<DateTimeOffset> clock)
{
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<Guid, EmulatedJob> _byId = new();
    private readonly Dictionary<string, EmulatedJob> _byIdempotencyKey = new(StringComparer.Ordinal);
    private readonly List<EmulatedJob> _refundsDue = [];
    private volatile EmulatedJob? _newest;
    private long _credits = credits;
    private long _charged;
    private long _refundedJobs;
    private volatile EmulatorRefusal _refusal;

    public DateTimeOffset Now => clock();

    /// <summary>How submissions are rejected after the configured number of jobs. Can be changed at any time.</summary>
    public EmulatorRefusal Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    public static bool TryId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);

    /// <param name="request">The request.</param>
    /// <param name="idempotencyKey">The idempotency key. If it is known, its job is returned.</param>
    /// <param name="draft">The properties of the new job.</param>
    public Submission Submit(JobRequest request, string? idempotencyKey, Draft draft)
    {
        // The lookup and the insertion use one lock, so that two requests with one key cannot both find it unused.
        lock (_gate)
        {
            if (RefusalNow() is { } refusal)
            {
                return Refused(refusal);
            }

            var now = Now;
            if (idempotencyKey is not null && _byIdempotencyKey.TryGetValue(idempotencyKey, out var earlier) && now - earlier.CreatedAt < rules.KeyLifetime)
            {
                return rules.AllowsKeyReuse || earlier.Request.Fingerprint == request.Fingerprint
                    ? new Submission(earlier, IsReplay: true)
                    : Refused(JsonResponse.Error(409, "Idempotency-Key was used with another request body"));
            }

            if (draft.Refusal is not null)
            {
                return Refused(draft.Refusal);
            }

            if (rules.ConcurrentJobs > 0 && NewestFirst().Count(job => now < job.EndsAt) >= rules.ConcurrentJobs)
            {
                return Refused(JsonResponse.Error(429, "Too many concurrent jobs"));
            }

            Refund(now);
            if (_credits - _charged < draft.Cost)
            {
                return Refused(JsonResponse.Of(402, new JsonObject
                {
                    ["error"] = "Insufficient credits",
                    ["creditsRequired"] = draft.Cost,
                    ["creditsAvailable"] = _credits - _charged,
                }));
            }

            var job = Add(request, now, draft);
            if (idempotencyKey is not null)
            {
                _byIdempotencyKey[idempotencyKey] = job;
            }

            return new Submission(job);
        }
    }

    /// <summary>Returns the current response to all submissions, or null if it depends on the submission.</summary>
    public HttpResponse? RefusalNow()
    {
        lock (_gate)
        {
            return _byId.Count < rules.RefuseAfter ? null : _refusal switch
            {
                EmulatorRefusal.InvalidKey => JsonResponse.InvalidKey(),
                EmulatorRefusal.InactiveKey => JsonResponse.Error(403, "API key is inactive"),
                EmulatorRefusal.RateLimit => JsonResponse.TooManyRequests(retryAfter: 1),
                _ => null,
            };
        }
    }

    public void AddCredits(int more)
    {
        lock (_gate)
        {
            _credits += more;
        }
    }

    public EmulatedJob? Find(Guid id) => _byId.TryGetValue(id, out var job) ? job : null;

    /// <param name="before">Only jobs that were accepted before this one are returned. Null means all jobs.</param>
    public IEnumerable<EmulatedJob> NewestFirst(EmulatedJob? before = null)
    {
        for (var job = before is null ? _newest : before.Previous; job is not null; job = job.Previous)
        {
            yield return job;
        }
    }

    public Billing Billing()
    {
        lock (_gate)
        {
            Refund(Now);
            return new Billing(_byId.Count, _byId.Count - _refundedJobs, _charged, _credits - _charged);
        }
    }

    private static Submission Refused(HttpResponse refusal) => new(null, Refusal: refusal);

    private EmulatedJob Add(JobRequest request, DateTimeOffset now, Draft draft)
    {
        // The order of creation times must be the order of acceptance, even if the clock is set back.
        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        if (_newest?.CreatedAt > createdAt)
        {
            createdAt = _newest.CreatedAt;
        }

        var ordinal = _byId.Count;
        var job = new EmulatedJob(NewId(createdAt, ordinal), _newest, request, createdAt, planner.Plan(ordinal, draft.Error), draft);
        _byId[job.Id] = job;
        _newest = job;
        _charged += draft.Cost;
        if (job.WillBeRefunded)
        {
            _refundsDue.Add(job);
        }

        return job;
    }

    /// <summary>Refunds the cost of jobs that have ended as FAILED or CANCELLED.</summary>
    private void Refund(DateTimeOffset now) => _refundsDue.RemoveAll(job =>
    {
        var isDue = now >= job.EndsAt;
        _charged -= isDue ? job.Cost : 0;
        _refundedJobs += isDue ? 1 : 0;
        return isDue;
    });

    /// <summary>
    /// Returns a version 7 UUID with the ordinal of the job after the time. The order of the list, which is by creation time and then by ID, is therefore the
    /// order of acceptance, even for jobs of the same millisecond.
    /// </summary>
    private static Guid NewId(DateTimeOffset createdAt, int ordinal)
    {
        var counter = FormattableString.Invariant($"{0x7000 | (ordinal >> 14):x4}{0x8000 | (ordinal & 0x3fff):x4}");
        return Guid.Parse(FormattableString.Invariant($"{createdAt.ToUnixTimeMilliseconds():x12}") + counter + Guid.NewGuid().ToString("N").Substring(20));
    }
}

/// <summary>The prices of the emulator, in credits per image. They are invented, because the service does not publish its prices.</summary>
/// <param name="every">The price of every image, or 0 for different prices.</param>
internal sealed class PriceList(int every)
{
    /// <summary>The price for up to 16 megapixels, and for each 16 megapixels more.</summary>
    public const int TopazStep = 4;
    public const int Clarity = 10;
    public const int Bria = 3;
    public const int Lab851 = 1;

    public int Of(int usual) => every > 0 ? every : usual;

    public int OfResolution(string? resolution) => Of(resolution switch
    {
        "512px" => 4,
        "2K" => 8,
        "4K" => 15,
        _ => 5,
    });
}
