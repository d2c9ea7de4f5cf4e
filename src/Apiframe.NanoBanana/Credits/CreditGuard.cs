using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Wait;

namespace Apiframe.NanoBanana;

/// <summary>
/// What the prompts of one call may cost: keeps -MaximumCredit, and warns once when the balance may not last. Used on the pipeline thread.
/// </summary>
internal sealed class CreditGuard
{
    /// <summary>How many jobs may be asked at once what they cost.</summary>
    private const int ThrottleLimit = 8;

    /// <summary>How long a job may take to end, before the most counts for it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly CreditBudget? _budget;
    private readonly Action<Func<Task>> _await;
    private readonly Action _drain;
    private readonly Action<string> _warn;
    private readonly Action<string> _log;
    private readonly CancellationToken _stop;
    private readonly Dictionary<ApiframeClient, (IReadOnlyList<BananaModel> Models, ApiframeException? Failure)> _prices = [];
    private readonly Dictionary<ApiframeClient, decimal?> _left = [];
    private readonly Dictionary<ApiframeClient, JobWatcher> _watchers = [];
    private readonly List<(ApiframeClient Client, BananaJob Job, CreditPrice Committed)> _accepted = [];
    private readonly List<Task> _learning = [];
    private bool _warned;

    /// <param name="maximumCredit">What may be committed; null for no limit.</param>
    /// <param name="await">Waits for work while what has finished is written.</param>
    /// <param name="drain">Waits until nothing is under way.</param>
    /// <param name="warn">Writes a warning.</param>
    /// <param name="log">Writes to the verbose stream.</param>
    /// <param name="stop">Stops every request.</param>
    public CreditGuard(decimal? maximumCredit, Action<Func<Task>> @await, Action drain, Action<string> warn, Action<string> log, CancellationToken stop)
    {
        _budget = maximumCredit is { } maximum ? new CreditBudget(maximum) : null;
        _await = @await;
        _drain = drain;
        _warn = warn;
        _log = log;
        _stop = stop;
    }

    /// <summary>What has been committed, in credits.</summary>
    public decimal Committed => _budget?.Committed ?? 0;

    /// <summary>Commits an image to the budget. The first image of a client asks for its prices, before anything is submitted with it.</summary>
    /// <param name="client">Whose prices count.</param>
    /// <param name="image">What is to be submitted.</param>
    /// <param name="committed">What it was committed at, for <see cref="Accepted"/> or <see cref="Refused"/>; null if there is no budget.</param>
    /// <returns>False if the image may cost more than is left.</returns>
    /// <exception cref="ApiframeException">The price list cannot be had, or has no price for the model.</exception>
    public bool TryCommit(ApiframeClient client, SubmitRequest image, out CreditPrice? committed)
    {
        committed = null;
        if (_budget is null)
        {
            return true;
        }

        if (Prices(client).Failure is { } failure)
        {
            throw failure;
        }

        CreditPrice price = Price(client, image.Model!) ?? throw ApiframeException.NotSent($"The service's price list has no valid price for model '{image.Model}', so -MaximumCredit cannot be kept.");
        committed = _budget.TryCommit(price) ?? CommitWhenCostsAreKnown(_budget, price);
        return committed is not null;
    }

    /// <summary>Takes in that the service has accepted an image.</summary>
    public void Accepted(ApiframeClient client, BananaJob job, CreditPrice? committed)
    {
        if (committed is not null)
        {
            _accepted.Add((client, job, committed));
        }
    }

    /// <summary>Takes in that nothing was created. From any thread.</summary>
    public void Refused(CreditPrice? committed)
    {
        if (committed is not null)
        {
            _budget!.Refuse(committed);
        }
    }

    /// <summary>Warns, once, before an image that the balance may not cover. A service that does not tell prices or balance is not asked again.</summary>
    public void CheckBalance(ApiframeClient client, SubmitRequest image)
    {
        if (!_left.TryGetValue(client, out decimal? balance))
        {
            // What has been submitted is charged, and so in the balance.
            _drain();
            _await(async () =>
            {
                try
                {
                    balance = (await client.GetAccountAsync(retry: false, _stop).ConfigureAwait(false)).Credits;
                }
                catch (ApiframeException)
                {
                    // Who cannot be asked for the balance can still be asked for images; and a refusal would say the same again there.
                }
            });
            _left[client] = balance;
        }

        if (balance is not { } left || Price(client, image.Model!) is not { } price)
        {
            return;
        }

        if (left < price.Most && !_warned)
        {
            _warned = true;
            _warn($"{left:0.##} credits are left, and an image of {price.Model} costs {price.Least:0.##} to {price.Most:0.##}: they may not cover the prompts from '{image}' on.");
        }

        _left[client] = left - price.Most;
    }

    /// <summary>What images of this model cost by the price list, or null.</summary>
    public CreditPrice? Price(ApiframeClient client, string model) => CreditPrice.Of(Prices(client).Models, model);

    /// <summary>The price list, asked for once. A budget cannot be kept without it, so for one it is asked for as patiently as everything else.</summary>
    private (IReadOnlyList<BananaModel> Models, ApiframeException? Failure) Prices(ApiframeClient client)
    {
        if (_prices.TryGetValue(client, out (IReadOnlyList<BananaModel> Models, ApiframeException? Failure) known))
        {
            return known;
        }

        IReadOnlyList<BananaModel> models = [];
        ApiframeException? failure = null;
        _drain();
        _await(async () =>
        {
            try
            {
                models = await client.ListModelsAsync("image", retry: _budget is not null, _stop).ConfigureAwait(false);
            }
            catch (ApiframeException e)
            {
                failure = e;
            }
        });
        return _prices[client] = (models, failure);
    }

    /// <summary>What was refused meanwhile has cost nothing, and most jobs cost less than the most: waits for their ends as long as that may help.</summary>
    private CreditPrice? CommitWhenCostsAreKnown(CreditBudget budget, CreditPrice price)
    {
        _drain();
        CreditPrice? committed = budget.TryCommit(price);
        if (committed is not null || !budget.MayFit(price))
        {
            return committed;
        }

        _learning.AddRange(_accepted.Select(one => LearnAsync(budget, one.Client, one.Job, one.Committed)));
        _accepted.Clear();
        _log($"-MaximumCredit: waits until jobs tell what they have cost; {_learning.Count} have not.");
        _await(async () =>
        {
            while (committed is null && _learning.Count > 0 && budget.MayFit(price))
            {
                _learning.Remove(await Task.WhenAny(_learning).ConfigureAwait(false));
                committed = budget.TryCommit(price);
            }
        });
        return committed;
    }

    private async Task LearnAsync(CreditBudget budget, ApiframeClient client, BananaJob job, CreditPrice committed)
    {
        if (!_watchers.TryGetValue(client, out JobWatcher? watcher))
        {
            watcher = new JobWatcher(client, ThrottleLimit, _stop);
            _watchers.Add(client, watcher);
        }

        try
        {
            budget.Settle(committed, await watcher.WaitAsync(job, LongestWait).ConfigureAwait(false));
        }
        catch (ApiframeException)
        {
            // Then the most counts.
        }
    }
}
