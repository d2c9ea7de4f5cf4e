using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>
/// Stops the requests of a call for an account after the service has rejected the account, and keeps what was not sent for one error at the end. Safe to use
/// from several threads.
/// </summary>
internal sealed class AccountStop
{
    private readonly object _lock = new();
    private readonly Dictionary<ApiframeConnection, ApiframeException> _refusals = [];
    private readonly Dictionary<ApiframeErrorKind, (ApiframeException Refusal, List<object> Targets)> _kept = [];
    private int _succeeded;

    /// <summary>The number of requests that have succeeded.</summary>
    public int Succeeded
    {
        get
        {
            lock (_lock)
            {
                return _succeeded;
            }
        }
    }

    /// <summary>The targets that were kept, by the rejection that they were kept for.</summary>
    public IReadOnlyList<(ApiframeException Refusal, IReadOnlyList<object> Targets)> Kept
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept.Values];
            }
        }
    }

    /// <summary>Waits for a request, and records whether the account was rejected.</summary>
    /// <param name="connection">The connection of the request.</param>
    /// <param name="send">Sends the request.</param>
    public async Task<T> FollowAsync<T>(ApiframeConnection connection, Func<Task<T>> send)
    {
        int succeeded = Succeeded;
        try
        {
            T result = await send().ConfigureAwait(false);
            lock (_lock)
            {
                _succeeded++;
            }

            return result;
        }
        catch (ApiframeException e) when (Stops(e, succeeded))
        {
            lock (_lock)
            {
                _refusals[connection] = e;
            }

            throw;
        }
    }

    /// <summary>Keeps a target that is not sent, if its account was rejected.</summary>
    public bool TryKeep(ApiframeConnection connection, object target)
    {
        lock (_lock)
        {
            return _refusals.TryGetValue(connection, out ApiframeException? refusal) && Keep(refusal, target);
        }
    }

    public bool Keep(ApiframeException refusal, object target)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(refusal.Kind, out (ApiframeException Refusal, List<object> Targets) kept))
            {
                kept = (refusal, []);
                _kept.Add(refusal.Kind, kept);
            }

            kept.Targets.Add(target);
            return true;
        }
    }

    /// <summary>
    /// Whether an error stops the account. A rate limit does if no other request succeeded meanwhile, and so does a journal that cannot be written.
    /// </summary>
    private bool Stops(ApiframeException e, int succeededBefore) => e.ConcernsEveryRequest
        || (e.Kind == ApiframeErrorKind.RateLimited && Succeeded == succeededBefore)
        || (e.Kind == ApiframeErrorKind.JournalNotWritable && e.Job is null);
}
