namespace Apiframe.Client;

/// <summary>Counts what images may cost at most, so that a limit is never passed. Safe to use from several threads.</summary>
internal sealed class CreditBudget
{
    private readonly object _lock = new();
    private readonly decimal _maximum;
    private decimal _committed;

    /// <param name="maximum">The most that may be committed, in credits.</param>
    public CreditBudget(decimal maximum) => _maximum = maximum;

    /// <summary>What has been committed so far, in credits: what is known to be billed, and at most what else may be.</summary>
    public decimal Committed
    {
        get
        {
            lock (_lock)
            {
                return _committed;
            }
        }
    }

    /// <summary>Commits what an image costs at most, if that still fits.</summary>
    public bool TryCommit(decimal most)
    {
        lock (_lock)
        {
            bool fits = _committed + most <= _maximum;
            _committed += fits ? most : 0;
            return fits;
        }
    }

    /// <summary>Takes in what an image really costs: 0 if it was refused.</summary>
    public void Correct(decimal most, decimal actual)
    {
        lock (_lock)
        {
            _committed += actual - most;
        }
    }
}
