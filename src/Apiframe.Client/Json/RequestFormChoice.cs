using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Json;

/// <summary>
/// Finds out which request form the service takes, once for each connection: while it is not known, requests that depend on
/// it go one at a time, so that a wrong guess costs at most one refusal.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
internal sealed class RequestFormChoice
{
    private readonly SemaphoreSlim _finding = new(1);
    private RequestForm? _taken;

    /// <summary>Sends <paramref name="request"/> in the form that the service takes.</summary>
    public async Task<T> SendAsync<T>(SubmitRequest request, Func<RequestForm, Task<T>> send, CancellationToken cancellationToken)
    {
        (RequestForm first, RequestForm? other) = FormsOf(request);
        if (other is null)
        {
            return await send(first).ConfigureAwait(false);
        }

        if (_taken is { } known)
        {
            return await send(known).ConfigureAwait(false);
        }

        await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_taken is { } found)
            {
                return await send(found).ConfigureAwait(false);
            }

            T result;
            try
            {
                result = await send(first).ConfigureAwait(false);
                _taken = first;
            }
            catch (ApiframeException e) when (e.StatusCode == 400)
            {
                // 400 means that nothing was created, so the other form may go under the same idempotency key.
                result = await send(other.Value).ConfigureAwait(false);
                _taken = other;
            }

            return result;
        }
        finally
        {
            _finding.Release();
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
