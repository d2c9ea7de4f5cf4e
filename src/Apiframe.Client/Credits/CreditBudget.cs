using System;
using System.Collections.Generic;
using Apiframe.Client.Retry;

namespace Apiframe.Client;

/// <summary>
/// Enforces a limit of credits. An image counts with its highest price until its job has ended and reported its cost. Has no input and output. Safe to use from
/// several threads.
/// </summary>
public sealed class CreditBudget
{
    private readonly object _lock = new();
    private readonly decimal _maximum;
    private readonly Dictionary<string, decimal> _dearest = new(StringComparer.Ordinal);
    private decimal _told;
    private decimal _least;
    private decimal _most;

    /// <summary>Creates a budget without committed credits.</summary>
    /// <param name="maximum">The maximum number of committed credits.</param>
    public CreditBudget(decimal maximum) => _maximum = maximum;

    /// <summary>The committed credits: the reported costs of jobs, and the highest prices of the other images.</summary>
    public decimal Committed
    {
        get
        {
            lock (_lock)
            {
                return _told + _most;
            }
        }
    }

    /// <summary>Commits an image if its highest price fits.</summary>
    /// <returns>
    /// The committed price, for <see cref="Refuse"/> or <see cref="Settle"/>. It is higher than the list price if a job of the model has cost more. Null if the
    /// image does not fit.
    /// </returns>
    public CreditPrice? TryCommit(CreditPrice price)
    {
        lock (_lock)
        {
            CreditPrice known = Known(price);
            if (_told + _most + known.Most > _maximum)
            {
                return null;
            }

            _least += known.Least;
            _most += known.Most;
            return known;
        }
    }

    /// <summary>Returns whether an image would fit if every job without a reported cost had the lowest price.</summary>
    public bool MayFit(CreditPrice price)
    {
        lock (_lock)
        {
            return _told + _least + Known(price).Most <= _maximum;
        }
    }

    /// <summary>Records that no job was created for an image.</summary>
    /// <param name="committed">The committed price.</param>
    public void Refuse(CreditPrice committed)
    {
        lock (_lock)
        {
            Release(committed);
        }
    }

    /// <summary>Records the cost of a job that has ended. Before its end, the reported cost can be missing or 0.</summary>
    /// <param name="committed">The committed price of its image.</param>
    /// <param name="job">
    /// The job. If it has ended without a reported cost, its highest price counts. If it is completed, at least its lowest price counts.
    /// </param>
    public void Settle(CreditPrice committed, BananaJob job)
    {
        // A failed job that is submitted again can still cause a cost.
        if (!job.IsFinal || !job.IsTold || FailedJobRetry.IsAllowed(job))
        {
            return;
        }

        decimal told = job.CreditCost ?? committed.Most;
        // A completed image with a lower reported cost is not cheaper, because its cost can be reported late. A refund lowers the cost.
        decimal cost = job.Status == JobStatus.Completed ? Math.Max(told, committed.Least) : told;
        lock (_lock)
        {
            Release(committed);
            _told += cost;
            if (cost > Known(committed).Most)
            {
                _dearest[committed.Model] = cost;
            }
        }
    }

    private CreditPrice Known(CreditPrice price) =>
        _dearest.TryGetValue(price.Model, out decimal dearest) && dearest > price.Most ? price with { Most = dearest } : price;

    private void Release(CreditPrice committed)
    {
        _least -= committed.Least;
        _most -= committed.Most;
    }
}
