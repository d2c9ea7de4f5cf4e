using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Apiframe.Client;

namespace Apiframe.NanoBanana;

/// <summary>
/// Ends what a call sends for an account once the account was refused something, and keeps what was not done, for one error in the end. Safe to use from several
/// threads.
/// </summary>
internal sealed class AccountStop
{
    private readonly object _lock = new();
    private readonly Dictionary<ApiframeConnection, ApiframeException> _refusals = [];
    private readonly Dictionary<ApiframeErrorKind, (ApiframeException Refusal, List<object> Targets)> _kept = [];
    private int _succeeded;

    /// <summary>How many requests that were followed have succeeded.</summary>
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

    /// <summary>What was kept, each with the refusal that it was kept for.</summary>
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

    /// <summary>Waits for a request, and takes in whether it was refused for the account.</summary>
    /// <param name="connection">Whose request it is.</param>
    /// <param name="send">Sends it.</param>
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

    /// <summary>Keeps what is not sent, if its account was refused something.</summary>
    public bool TryKeep(ApiframeConnection connection, object target)
    {
        lock (_lock)
        {
            return _refusals.TryGetValue(connection, out ApiframeException? refusal) && Keep(refusal, target);
        }
    }

    /// <summary>Keeps what was refused.</summary>
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

    /// <summary>A rate limit that nobody got through meanwhile is the account's, and so is a journal that takes no more.</summary>
    private bool Stops(ApiframeException e, int succeededBefore) => e.ConcernsEveryRequest
        || (e.Kind == ApiframeErrorKind.RateLimited && Succeeded == succeededBefore)
        || (e.Kind == ApiframeErrorKind.JournalNotWritable && e.Job is null);
}
