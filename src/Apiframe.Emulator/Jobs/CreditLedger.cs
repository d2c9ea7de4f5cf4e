using System;
using System.Collections.Generic;

namespace Apiframe.Emulator.Jobs;

/// <summary>The team's balance: charged at submission, refunded when a job ends FAILED or CANCELLED.</summary>
/// <remarks>Not safe for concurrent use; <see cref="JobStore"/> calls it under its lock.</remarks>
internal sealed class CreditLedger
{
    private readonly long _opening;
    private readonly List<EmulatedJob> _refundsDue = [];
    private long _charged;
    private long _refunded;
    private long _refundedJobs;

    public CreditLedger(long opening) => _opening = opening;

    public bool TryReserve(int cost, DateTimeOffset now, out long available)
    {
        available = _opening - _charged + _refunded;
        if (available < cost)
        {
            Settle(now);
            available = _opening - _charged + _refunded;
        }

        return available >= cost;
    }

    public void Charge(EmulatedJob job)
    {
        _charged += job.Cost;
        if (job.WillBeRefunded)
        {
            _refundsDue.Add(job);
        }
    }

    public Billing BillingAt(DateTimeOffset now, long jobs)
    {
        Settle(now);
        return new Billing(jobs, jobs - _refundedJobs, _charged - _refunded, _opening - _charged + _refunded);
    }

    private void Settle(DateTimeOffset now)
    {
        foreach (var job in _refundsDue)
        {
            if (now >= job.EndsAt)
            {
                _refunded += job.Cost;
                _refundedJobs++;
            }
        }

        _refundsDue.RemoveAll(job => now >= job.EndsAt);
    }
}
