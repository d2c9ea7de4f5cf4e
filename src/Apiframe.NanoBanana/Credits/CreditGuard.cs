using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Wait;

namespace Apiframe.NanoBanana;

/// <summary>
/// What the prompts of one call may cost: keeps -MaximumCredit, and warns once when the balance may not cover the next prompt. Used on the pipeline thread.
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
    private readonly PriceLists _prices;
    private readonly Dictionary<ApiframeClient, decimal?> _left = [];
    private readonly Dictionary<ApiframeClient, JobWatcher> _watchers = [];
    private readonly ConcurrentQueue<(ApiframeClient Client, BananaJob Job, CreditPrice Committed)> _accepted = new();
    private readonly List<Task> _learning = [];
    private readonly List<SubmitRequest> _unaffordable = [];
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
        // A limit cannot be kept without prices.
        _prices = new PriceLists(retry: _budget is not null, _await, _drain, _stop);
    }

    /// <summary>What has been committed, in credits.</summary>
    public decimal Committed => _budget?.Committed ?? 0;

    /// <summary>How many images were admitted.</summary>
    public int Admitted { get; private set; }

    /// <summary>The images that were not admitted because they may cost more than is left.</summary>
    public IReadOnlyList<SubmitRequest> Unaffordable => _unaffordable;

    /// <summary>If there is a limit, requests the prices of a client, so that its first image need not wait for them.</summary>
    public void Begin(ApiframeClient client)
    {
        if (_budget is not null)
        {
            _prices.Of(client);
        }
    }

    /// <summary>Decides whether an image may be submitted, and commits it to the limit if there is one.</summary>
    /// <param name="client">The client that submits it.</param>
    /// <param name="image">A checked request.</param>
    /// <param name="committed">What the image was committed at, for <see cref="FollowAsync"/>; null without a limit.</param>
    /// <returns>False if the image may cost more than is left.</returns>
    /// <exception cref="ApiframeException">There is a limit, and the price list cannot be had or has no price for the model.</exception>
    public bool TryAdmit(ApiframeClient client, SubmitRequest image, out CreditPrice? committed)
    {
        committed = null;
        if (_budget is not null)
        {
            CreditPrice price = PriceForLimit(client, image.Model!);
            committed = _budget.TryCommit(price) ?? CommitWhenCostsAreKnown(_budget, price);
            if (committed is null)
            {
                _unaffordable.Add(image);
                return false;
            }
        }

        // The first image is let through: if the balance does not cover it, the service says so and nothing is billed.
        if (Admitted++ > 0)
        {
            CheckBalance(client, image);
        }

        return true;
    }

    /// <summary>Waits for a submission and takes in whether there is a job that will tell its cost. From any thread.</summary>
    public async Task<BananaJob> FollowAsync(ApiframeClient client, CreditPrice? committed, Task<BananaJob> submission)
    {
        try
        {
            BananaJob job = await submission.ConfigureAwait(false);
            if (committed is not null)
            {
                _accepted.Enqueue((client, job, committed));
            }

            return job;
        }
        catch (ApiframeException e) when (e.Kind != ApiframeErrorKind.SubmissionUnknown && e.Job is null && committed is not null)
        {
            _budget!.Refuse(committed);
            throw;
        }
    }

    /// <summary>Decides whether an image is sure to fit the limit, for a call that submits nothing and so learns no costs.</summary>
    /// <param name="client">The client that would submit it.</param>
    /// <param name="image">A checked request.</param>
    /// <exception cref="ApiframeException">As of <see cref="TryAdmit"/>.</exception>
    public bool TryPlan(ApiframeClient client, SubmitRequest image)
    {
        if (_budget is null || _budget.TryCommit(PriceForLimit(client, image.Model!)) is not null)
        {
            return true;
        }

        _unaffordable.Add(image);
        return false;
    }

    /// <summary>The service's models with their prices; none if they cannot be had.</summary>
    public IReadOnlyList<BananaModel> Models(ApiframeClient client) => _prices.Of(client).Models;

    private CreditPrice? Price(ApiframeClient client, string model) => _prices.Price(client, model);

    private CreditPrice PriceForLimit(ApiframeClient client, string model) =>
        _prices.Of(client).Failure is { } failure
            ? throw failure
            : Price(client, model) ?? throw ApiframeException.NotSent($"The service's price list has no valid price for model '{model}', so -MaximumCredit cannot be applied. Use a model with a price, or omit -MaximumCredit.");

    /// <summary>Warns, once, before an image that the balance may not cover. A service that does not tell prices or balance is not asked again.</summary>
    private void CheckBalance(ApiframeClient client, SubmitRequest image)
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
            _warn($"The account has {left:0.##} credits left, and an image with {price.Model} costs {price.Least:0.##} to {price.Most:0.##} credits. The balance may not cover {(image.Edit is null ? "the prompts" : "the images")} from '{image}' on.");
        }

        _left[client] = left - price.Most;
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

        while (_accepted.TryDequeue(out (ApiframeClient Client, BananaJob Job, CreditPrice Committed) one))
        {
            _learning.Add(LearnAsync(budget, one.Client, one.Job, one.Committed));
        }

        _log($"Waiting for the cost of {_learning.Count} {(_learning.Count == 1 ? "job" : "jobs")}, because the next prompt may exceed -MaximumCredit.");
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
