using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Submit;

/// <summary>
/// Finds out which request form the service takes, once for each connection: while it is not known, requests that depend on
/// it go one at a time, so that a wrong guess costs at most one refusal.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
internal sealed class RequestFormChoice
{
    private readonly SemaphoreSlim _finding = new(1);
    private readonly object _lock = new();
    private RequestForm? _taken;

    private RequestForm? Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }

        set
        {
            lock (_lock)
            {
                _taken = value;
            }
        }
    }

    /// <summary>Sends <paramref name="request"/> in the form that the service takes; in the other one too if it says that the key is known with another body.</summary>
    public async Task<T> SendAsync<T>(SubmitRequest request, Func<RequestForm, Task<T>> send, CancellationToken cancellationToken)
    {
        (RequestForm first, RequestForm? other) = FormsOf(request);
        if (other is null)
        {
            return await send(first).ConfigureAwait(false);
        }

        if (Taken is null)
        {
            await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (Taken is null)
                {
                    (T found, Taken) = await EitherAsync(first, other.Value, isFormKnown: false, send).ConfigureAwait(false);
                    return found;
                }
            }
            finally
            {
                _finding.Release();
            }
        }

        RequestForm known = Taken.Value;
        return (await EitherAsync(known, known == first ? other.Value : first, isFormKnown: true, send).ConfigureAwait(false)).Result;
    }

    private static async Task<(T Result, RequestForm Form)> EitherAsync<T>(
        RequestForm first, RequestForm other, bool isFormKnown, Func<RequestForm, Task<T>> send)
    {
        ApiframeException refusal;
        try
        {
            return (await send(first).ConfigureAwait(false), first);
        }
        catch (ApiframeException e) when (RequestFormRetry.IsWorthTheOther(e, isFormKnown))
        {
            refusal = e;
        }

        try
        {
            return (await send(other).ConfigureAwait(false), other);
        }
        catch (ApiframeException e) when (refusal.StatusCode == 409 && e.StatusCode is 400 or 409)
        {
            // That the key is known says more than that the other form is refused too.
            throw refusal;
        }
    }

    /// <summary>The form to try first, and the other one if it can say the request too and says it differently.</summary>
    private static (RequestForm First, RequestForm? Other) FormsOf(SubmitRequest request)
    {
        bool differs = request.ReferenceImage.Count > 0 || request.WebhookUrl is not null;
        // The model page has one reference and always the default events; more of these than were asked for do no harm, fewer would.
        bool modelPageCanSay = request.ReferenceImage.Count <= 1 && request.WebhookEvent.All(one => GenerateBody.DefaultWebhookEvents.Contains(one));
        if (!differs || !modelPageCanSay)
        {
            return (RequestForm.OpenApi, null);
        }

        bool exactly = request.WebhookEvent.Count == 0 || request.WebhookEvent.Count == GenerateBody.DefaultWebhookEvents.Count;
        return exactly ? (RequestForm.ModelPage, RequestForm.OpenApi) : (RequestForm.OpenApi, RequestForm.ModelPage);
    }
}
