using System;
using System.Diagnostics.CodeAnalysis;
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
        if (!Differs(request) || !ModelPageCanSay(request))
        {
            return await send(RequestForm.OpenApi).ConfigureAwait(false);
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
                result = await send(RequestForm.ModelPage).ConfigureAwait(false);
                _taken = RequestForm.ModelPage;
            }
            catch (ApiframeException e) when (e.StatusCode == 400)
            {
                // 400 means that nothing was created, so the other form may go under the same idempotency key.
                result = await send(RequestForm.OpenApi).ConfigureAwait(false);
                _taken = RequestForm.OpenApi;
            }

            return result;
        }
        finally
        {
            _finding.Release();
        }
    }

    private static bool Differs(SubmitRequest request) => request.ReferenceImage.Count > 0 || request.WebhookUrl is not null;

    private static bool ModelPageCanSay(SubmitRequest request) => request.ReferenceImage.Count <= 1 && request.WebhookEvent.Count == 0;
}
