using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>What became of a submission: the new job, the earlier one of a replay, or a refusal.</summary>
internal readonly record struct Submission(EmulatedJob? Job, bool IsReplay = false, HttpResponse? Refusal = null);

/// <summary>What has been made and paid for at one moment.</summary>
internal readonly record struct Billing(long JobsAccepted, long ImagesBilled, long CreditsBilled, long Balance);

/// <summary>What submissions are accepted.</summary>
/// <param name="ConcurrentJobs">Jobs at once; 0 for no limit.</param>
/// <param name="KeyLifetime">How long an idempotency key is known.</param>
/// <param name="AllowsKeyReuse">Whether a known key gives its job for another request too.</param>
/// <param name="RefuseAfter">How many jobs there are before submissions are refused.</param>
internal sealed record SubmissionRules(int ConcurrentJobs, TimeSpan KeyLifetime, bool AllowsKeyReuse = false, int RefuseAfter = 0);

/// <summary>All jobs of the emulator's life, in the order they were accepted, and the team's balance that pays for them.</summary>
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

    /// <summary>How submissions are refused once there are jobs enough. Can change at any time.</summary>
    public EmulatorRefusal Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    public static bool TryId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);

    /// <param name="request">What to make.</param>
    /// <param name="idempotencyKey">Gives the earlier job that had it, if there is one and the key is still known.</param>
    /// <param name="draft">What a new job would be.</param>
    public Submission Submit(JobRequest request, string? idempotencyKey, Draft draft)
    {
        // One lock round the look-up and the insertion: two requests with one key must not both find it unused.
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

    /// <summary>The response to any submission at this moment; null if it depends on the submission.</summary>
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

    /// <param name="before">Only those accepted before this one; null for all.</param>
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
        // Newest first has to be the reverse of the order of acceptance, also when the clock is set back.
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

    /// <summary>Pays back what jobs cost that have ended FAILED or CANCELLED.</summary>
    private void Refund(DateTimeOffset now) => _refundsDue.RemoveAll(job =>
    {
        var isDue = now >= job.EndsAt;
        _charged -= isDue ? job.Cost : 0;
        _refundedJobs += isDue ? 1 : 0;
        return isDue;
    });

    /// <summary>
    /// A version 7 UUID with the job's ordinal behind the time, so that the listing's order, creation time and then id, is the order of
    /// acceptance even for jobs of one millisecond.
    /// </summary>
    private static Guid NewId(DateTimeOffset createdAt, int ordinal)
    {
        var counter = FormattableString.Invariant($"{0x7000 | (ordinal >> 14):x4}{0x8000 | (ordinal & 0x3fff):x4}");
        return Guid.Parse(FormattableString.Invariant($"{createdAt.ToUnixTimeMilliseconds():x12}") + counter + Guid.NewGuid().ToString("N").Substring(20));
    }
}

/// <summary>The emulator's own prices in credits per image. The service's prices are not published; these are made up.</summary>
/// <param name="every">What every image costs; 0 for the usual prices.</param>
internal sealed class PriceList(int every)
{
    /// <summary>For 16 megapixels or fewer, and for every 16 megapixels more.</summary>
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
