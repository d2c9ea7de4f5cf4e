using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>
/// What the prompts of one call may cost: keeps -MaximumCredit, and warns once when the balance may not last. Used on the pipeline thread.
/// </summary>
internal sealed class CreditGuard
{
    private readonly CreditBudget? _budget;
    private readonly Action<Func<Task>> _await;
    private readonly Action _drain;
    private readonly Action<string> _warn;
    private readonly CancellationToken _stop;
    private readonly ConcurrentDictionary<ApiframeClient, (IReadOnlyList<BananaModel> Models, ApiframeException? Failure)> _prices = new();
    private readonly Dictionary<ApiframeClient, decimal?> _left = [];
    private readonly List<(ApiframeClient Client, BananaJob Job, decimal Most)> _accepted = [];
    private bool _warned;

    /// <param name="maximumCredit">What may be committed; null for no limit.</param>
    /// <param name="await">Waits for work while what has finished is written.</param>
    /// <param name="drain">Waits until nothing is under way.</param>
    /// <param name="warn">Writes a warning.</param>
    /// <param name="stop">Stops every request.</param>
    public CreditGuard(decimal? maximumCredit, Action<Func<Task>> @await, Action drain, Action<string> warn, CancellationToken stop)
    {
        _budget = maximumCredit is { } maximum ? new CreditBudget(maximum) : null;
        _await = @await;
        _drain = drain;
        _warn = warn;
        _stop = stop;
    }

    /// <summary>What has been committed, in credits.</summary>
    public decimal Committed => _budget?.Committed ?? 0;

    /// <summary>Commits an image to the budget.</summary>
    /// <param name="client">Whose prices count.</param>
    /// <param name="image">What is to be submitted.</param>
    /// <returns>False if the image may cost more than is left.</returns>
    /// <exception cref="ApiframeException">The price list cannot be had, or has no price for the model.</exception>
    public bool TryCommit(ApiframeClient client, SubmitRequest image)
    {
        if (_budget is null)
        {
            return true;
        }

        if (Prices(client).Failure is { } failure)
        {
            throw failure;
        }

        decimal most = Price(client, image.Model!)?.CostMax ?? throw new ApiframeException(
            ApiframeErrorKind.InvalidRequest, $"The service's price list has no price for model '{image.Model}', so -MaximumCredit cannot be kept. Nothing was sent.");
        if (_budget.TryCommit(most))
        {
            return true;
        }

        // What was refused meanwhile has cost nothing, and most jobs cost less than the most.
        _drain();
        LearnCosts();
        return _budget.TryCommit(most);
    }

    /// <summary>Takes in that the service has accepted an image.</summary>
    public void Accepted(ApiframeClient client, BananaJob job)
    {
        if (_budget is not null && Price(client, job.Model!)?.CostMax is { } most)
        {
            _accepted.Add((client, job, most));
        }
    }

    /// <summary>Takes in that nothing was created. From any thread.</summary>
    public void Refused(ApiframeClient client, SubmitRequest image)
    {
        if (_budget is not null && Price(client, image.Model!)?.CostMax is { } most)
        {
            _budget.Correct(most, 0);
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

        if (balance is not { } left || Price(client, image.Model!) is not { CostMax: { } most } price)
        {
            return;
        }

        if (left < most && !_warned)
        {
            _warned = true;
            _warn($"{left:0.##} credits are left, and an image of {price.Model} costs {price.CostMin:0.##} to {most:0.##}: they may not cover the prompts from '{image}' on.");
        }

        _left[client] = left - most;
    }

    /// <summary>Least and most that images of this model cost, or null.</summary>
    public BananaModel? Price(ApiframeClient client, string model) => Prices(client).Models.FirstOrDefault(one => one.Model == model);

    /// <summary>The price list, asked for once. A budget cannot be kept without it, so for one it is asked for as patiently as everything else.</summary>
    private (IReadOnlyList<BananaModel> Models, ApiframeException? Failure) Prices(ApiframeClient client)
    {
        if (_prices.TryGetValue(client, out (IReadOnlyList<BananaModel> Models, ApiframeException? Failure) known))
        {
            return known;
        }

        IReadOnlyList<BananaModel> models = [];
        ApiframeException? failure = null;
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

    /// <summary>Asks the accepted jobs what they really cost.</summary>
    private void LearnCosts()
    {
        var asked = _accepted.ToList();
        _accepted.Clear();
        _await(() => Task.WhenAll(asked.Select(async one =>
        {
            try
            {
                BananaJob job = await one.Client.GetJobAsync(one.Job, retry: true, _stop).ConfigureAwait(false);
                _budget!.Correct(one.Most, job.CreditCost ?? one.Most);
            }
            catch (ApiframeException)
            {
                // Then the most counts.
            }
        })));
    }
}
