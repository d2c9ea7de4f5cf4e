using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.NanoBanana.Completion;

namespace Apiframe.NanoBanana;

/// <summary>The price list for each client, which is requested once. Used on the pipeline thread.</summary>
internal sealed class PriceLists
{
    private readonly Dictionary<ApiframeClient, (IReadOnlyList<BananaModel> Models, ApiframeException? Failure)> _lists = [];
    private readonly bool _retry;
    private readonly Action<Func<Task>> _await;
    private readonly Action _drain;
    private readonly CancellationToken _stop;

    /// <param name="retry">Whether a failed request is retried.</param>
    /// <param name="await">Waits for work, and writes finished results meanwhile.</param>
    /// <param name="drain">Waits until no work is running.</param>
    /// <param name="stop">Cancels all requests.</param>
    public PriceLists(bool retry, Action<Func<Task>> @await, Action drain, CancellationToken stop)
    {
        _retry = retry;
        _await = @await;
        _drain = drain;
        _stop = stop;
    }

    /// <summary>Returns the models of the service, and the error if they are not available.</summary>
    public (IReadOnlyList<BananaModel> Models, ApiframeException? Failure) Of(ApiframeClient client)
    {
        if (!_lists.ContainsKey(client))
        {
            // A result that is written here can submit an edit of its job, which also needs the prices.
            _drain();
        }

        if (!_lists.TryGetValue(client, out (IReadOnlyList<BananaModel> Models, ApiframeException? Failure) list))
        {
            _await(async () => list = await RequestAsync(client).ConfigureAwait(false));
            _lists[client] = list;
        }

        return list;
    }

    /// <summary>Returns the price of an image of a model, or null if it is unknown.</summary>
    public CreditPrice? Price(ApiframeClient client, string model) => CreditPrice.Of(Of(client).Models, model);

    private async Task<(IReadOnlyList<BananaModel> Models, ApiframeException? Failure)> RequestAsync(ApiframeClient client)
    {
        try
        {
            IReadOnlyList<BananaModel> models = await client.ListModelsAsync("image", _retry, _stop).ConfigureAwait(false);
            SessionMemory.Add(client.Connection.BaseUri, models);
            return (models, null);
        }
        catch (ApiframeException e)
        {
            return ([], e);
        }
    }
}
