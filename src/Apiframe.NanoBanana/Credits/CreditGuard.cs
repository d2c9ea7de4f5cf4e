using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Wait;

namespace Apiframe.NanoBanana;

/// <summary>
/// Limits the cost of one call to -MaximumCredit, and warns once if the balance may not cover the next prompt. Used on the pipeline thread.
/// </summary>
internal sealed class CreditGuard
{
    /// <summary>The maximum number of concurrent requests for the costs of jobs.</summary>
    private const int ThrottleLimit = 8;

    /// <summary>The maximum time to wait for the end of a job. After that, its highest price counts.</summary>
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

    /// <param name="maximumCredit">The maximum number of credits, or null for no limit.</param>
    /// <param name="await">Waits for work, and writes finished results meanwhile.</param>
    /// <param name="drain">Waits until no work is running.</param>
    /// <param name="warn">Writes a warning.</param>
    /// <param name="log">Writes to the verbose stream.</param>
    /// <param name="stop">Cancels all requests.</param>
    public CreditGuard(decimal? maximumCredit, Action<Func<Task>> @await, Action drain, Action<string> warn, Action<string> log, CancellationToken stop)
    {
        _budget = maximumCredit is { } maximum ? new CreditBudget(maximum) : null;
        _await = @await;
        _drain = drain;
        _warn = warn;
        _log = log;
        _stop = stop;
        // The limit cannot be enforced without prices, so failed requests are retried.
        _prices = new PriceLists(retry: _budget is not null, _await, _drain, _stop);
    }

    public decimal Committed => _budget?.Committed ?? 0;

    public int Admitted { get; private set; }

    /// <summary>The images that were not admitted because they may cost more than the remaining credits.</summary>
    public IReadOnlyList<SubmitRequest> Unaffordable => _unaffordable;

    /// <summary>If there is a limit, requests the prices for a client, so that its first image does not wait for them.</summary>
    public void Begin(ApiframeClient client)
    {
        if (_budget is not null)
        {
            _prices.Of(client);
        }
    }

    /// <summary>Decides whether an image can be submitted. If there is a limit, commits its highest price.</summary>
    /// <param name="client">The client that submits it.</param>
    /// <param name="image">A checked request.</param>
    /// <param name="committed">The committed price, for <see cref="FollowAsync"/>, or null without a limit.</param>
    /// <returns>False if the image may cost more than the remaining credits.</returns>
    /// <exception cref="ApiframeException">There is a limit, and the price list is not available or does not contain the model.</exception>
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

        // The first image is admitted. If the balance does not cover it, the service rejects it and bills nothing.
        if (Admitted++ > 0)
        {
            CheckBalance(client, image);
        }

        return true;
    }

    /// <summary>Waits for a submission, and records whether its job will report a cost. Can be called from any thread.</summary>
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

    /// <summary>Decides whether an image certainly fits the limit, for a call that submits nothing and therefore learns no costs.</summary>
    /// <param name="client">The client that would submit it.</param>
    /// <param name="image">A checked request.</param>
    /// <exception cref="ApiframeException">As for <see cref="TryAdmit"/>.</exception>
    public bool TryPlan(ApiframeClient client, SubmitRequest image)
    {
        if (_budget is null || _budget.TryCommit(PriceForLimit(client, image.Model!)) is not null)
        {
            return true;
        }

        _unaffordable.Add(image);
        return false;
    }

    /// <summary>The models of the service with their prices, or an empty list if they are not available.</summary>
    public IReadOnlyList<BananaModel> Models(ApiframeClient client) => _prices.Of(client).Models;

    private CreditPrice? Price(ApiframeClient client, string model) => _prices.Price(client, model);

    private CreditPrice PriceForLimit(ApiframeClient client, string model) =>
        _prices.Of(client).Failure is { } failure
            ? throw failure
            : Price(client, model) ?? throw ApiframeException.NotSent($"The service's price list has no valid price for model '{model}', so -MaximumCredit cannot be applied. Use a model with a price, or omit -MaximumCredit.");

    /// <summary>
    /// Warns once before an image that the balance may not cover. If the service does not return prices or a balance, they are not requested again.
    /// </summary>
    private void CheckBalance(ApiframeClient client, SubmitRequest image)
    {
        if (!_left.TryGetValue(client, out decimal? balance))
        {
            // Submitted images are charged, so the balance includes them after all submissions have ended.
            _drain();
            _await(async () =>
            {
                try
                {
                    balance = (await client.GetAccountAsync(retry: false, _stop).ConfigureAwait(false)).Credits;
                }
                catch (ApiframeException)
                {
                    // Images can be submitted although the balance is not available. If the account is rejected, the submission returns the same error.
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
            _warn($"The account has {left:0.##} credits left, and an image with {price.Model} costs {price.Least:0.##} to {price.Most:0.##} credits. The balance may not cover the {Word(image)} '{image}' and the {Word(image)}s after it.");
        }

        _left[client] = left - price.Most;
    }

    private static string Word(SubmitRequest image) => image.Edit is null ? "prompt" : "image";

    /// <summary>
    /// Commits the price of an image when it fits. Rejected images cost nothing, and most jobs cost less than their highest price, so this method waits for
    /// their ends while that may help.
    /// </summary>
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

        _log($"Waiting for the cost of {_learning.Count} {(_learning.Count == 1 ? "job" : "jobs")}, because the cost of the next prompt may exceed -MaximumCredit.");
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
            // Without a known cost, the highest price of the job counts.
        }
    }
}
