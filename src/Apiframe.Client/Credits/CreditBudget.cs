using System;
using System.Collections.Generic;
using Apiframe.Client.Retry;

namespace Apiframe.Client;

/// <summary>
/// Keeps a limit of credits: an image counts with the most that it may cost until its job has ended and has told what it did cost. Does no input or output.
/// Safe to use from several threads.
/// </summary>
public sealed class CreditBudget
{
    private readonly object _lock = new();
    private readonly decimal _maximum;
    private readonly Dictionary<string, decimal> _dearest = new(StringComparer.Ordinal);
    private decimal _told;
    private decimal _least;
    private decimal _most;

    /// <summary>Makes a budget of which nothing is committed.</summary>
    /// <param name="maximum">The most that may be committed, in credits.</param>
    public CreditBudget(decimal maximum) => _maximum = maximum;

    /// <summary>What is committed, in credits: what jobs have told that they cost, and the most that the other images may cost.</summary>
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

    /// <summary>Commits an image if the most that it may cost still fits.</summary>
    /// <returns>
    /// What it was committed at, to be given to <see cref="Refuse"/> or <see cref="Settle"/>: the price, or more if a job of the model has cost more than
    /// the price list says. Null if it does not fit.
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

    /// <summary>Whether an image would fit if every job that has not told its cost turned out to cost the least.</summary>
    public bool MayFit(CreditPrice price)
    {
        lock (_lock)
        {
            return _told + _least + Known(price).Most <= _maximum;
        }
    }

    /// <summary>Takes in that nothing was created for an image.</summary>
    /// <param name="committed">What it was committed at.</param>
    public void Refuse(CreditPrice committed)
    {
        lock (_lock)
        {
            Release(committed);
        }
    }

    /// <summary>Takes in a job. Only what a job tells after its end is its cost; before, the figure may still be missing or 0.</summary>
    /// <param name="committed">What its image was committed at.</param>
    /// <param name="job">The job. One that has ended counts with the most if it does not tell a cost, and with the least at least if it is completed.</param>
    public void Settle(CreditPrice committed, BananaJob job)
    {
        // A failed job that may be submitted again can still cost something.
        if (!job.IsFinal || !job.IsTold || FailedJobRetry.IsAllowed(job))
        {
            return;
        }

        decimal told = job.CreditCost ?? committed.Most;
        // An image is not free because its bill is late. What was refunded is.
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
