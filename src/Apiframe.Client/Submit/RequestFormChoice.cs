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
/// <remarks>
/// A webhook, a single reference, and both of them are found out separately. A service that ignores unknown fields accepts a webhook in either form, so that
/// tells nothing about references; and a form that is refused for a webhook and a reference may be refused for one of them only.
/// </remarks>
internal sealed class RequestFormChoice
{
    private readonly Finding _webhook = new();
    private readonly Finding _reference = new();
    private readonly Finding _both = new();

    /// <summary>Sends <paramref name="request"/> in the form that the service takes; in the other one too if it says that the key is known with another body.</summary>
    public async Task<T> SendAsync<T>(SubmitRequest request, Func<RequestForm, Task<T>> send, CancellationToken cancellationToken)
    {
        (RequestForm first, RequestForm? other) = FormsOf(request);
        if (other is null)
        {
            return await send(first).ConfigureAwait(false);
        }

        Finding finding = request.WebhookUrl is null ? _reference : request.ReferenceImage.Count == 0 ? _webhook : _both;
        if (finding.Known is null)
        {
            await finding.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (finding.Known is null)
                {
                    (T found, finding.Known) = await EitherAsync(new KnownForm(first, IsProven: false), other.Value, send).ConfigureAwait(false);
                    return found;
                }
            }
            finally
            {
                finding.Turn.Release();
            }
        }

        KnownForm known = finding.Known!;
        (T result, KnownForm learned) = await EitherAsync(known, known.Form == first ? other.Value : first, send).ConfigureAwait(false);
        finding.Known = learned.IsProven ? learned : finding.Known;
        return result;
    }

    private static async Task<(T Result, KnownForm Learned)> EitherAsync<T>(KnownForm known, RequestForm other, Func<RequestForm, Task<T>> send)
    {
        ApiframeException refusal;
        try
        {
            return (await send(known.Form).ConfigureAwait(false), known);
        }
        catch (ApiframeException e) when (RequestFormRetry.IsWorthTheOther(e, known.IsProven))
        {
            refusal = e;
        }

        try
        {
            T result = await send(other).ConfigureAwait(false);
            // A key that is known in the other form tells what an earlier run has sent, and not what the service takes of a new request.
            return (result, refusal.StatusCode == 400 ? new KnownForm(other, IsProven: true) : known);
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
        bool differs = request.Edit is null && (request.ReferenceImage.Count > 0 || request.WebhookUrl is not null);
        // The model page has one reference and always the default events; more of these than were asked for do no harm, fewer would.
        bool modelPageCanSay = request.ReferenceImage.Count <= 1 && request.WebhookEvent.All(one => RequestBody.DefaultWebhookEvents.Contains(one));
        // All sources but the model page know a webhook by its name in the OpenAPI description, and a name that the service ignores loses the webhook.
        return !differs || !modelPageCanSay ? (RequestForm.OpenApi, null)
            : request.WebhookUrl is null ? (RequestForm.ModelPage, RequestForm.OpenApi)
            : (RequestForm.OpenApi, RequestForm.ModelPage);
    }

    /// <summary>A form to send first.</summary>
    /// <param name="Form">The form.</param>
    /// <param name="IsProven">
    /// Whether the service has refused the other one. That it accepted this one proves nothing: the response may be the earlier job of a key that it knows.
    /// </param>
    private sealed record KnownForm(RequestForm Form, bool IsProven);

    /// <summary>What was found out for requests of one kind.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
    private sealed class Finding
    {
        private volatile KnownForm? _known;

        /// <summary>Taken by the request that finds out.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        public KnownForm? Known
        {
            get => _known;
            set => _known = value;
        }
    }
}
