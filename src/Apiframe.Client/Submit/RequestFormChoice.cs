using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Retry;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Submit;

/// <summary>
/// Determines the request form that the service accepts, once for each connection. While it is unknown, requests that depend on it are sent one at a time, so
/// that a wrong form costs at most one rejection.
/// </summary>
/// <remarks>
/// The form is determined separately for a webhook, for a single reference, and for both. A service that ignores unknown fields accepts a webhook in either
/// form, so this shows nothing about references. A form that is rejected for a webhook with a reference may be rejected because of only one of them.
/// </remarks>
internal sealed class RequestFormChoice
{
    private readonly Finding _webhook = new();
    private readonly Finding _reference = new();
    private readonly Finding _both = new();

    /// <summary>
    /// Sends <paramref name="request"/> in the form that the service accepts. If the service reports that the key is known with another body, also sends the
    /// other form.
    /// </summary>
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
            // A known key in the other form shows the form of an earlier run, and not the form that the service requires for new requests.
            return (result, refusal.StatusCode == 400 ? new KnownForm(other, IsProven: true) : known);
        }
        catch (ApiframeException e) when (refusal.StatusCode == 409 && e.StatusCode is 400 or 409)
        {
            // The conflict about the key has more information than the rejection of the other form.
            throw refusal;
        }
    }

    /// <summary>Returns the form to try first, and the other form if it can represent the request and is different.</summary>
    private static (RequestForm First, RequestForm? Other) FormsOf(SubmitRequest request)
    {
        bool differs = request.Edit is null && (request.ReferenceImage.Count > 0 || request.WebhookUrl is not null);
        // The form of the model page has one reference and always the default events. Additional events cause no problem, but missing events would.
        bool modelPageCanSay = request.ReferenceImage.Count <= 1 && request.WebhookEvent.All(one => RequestBody.DefaultWebhookEvents.Contains(one));
        // All sources except the model page document the webhook field of the OpenAPI description. If the service ignored the other field, the webhook would
        // be lost.
        return !differs || !modelPageCanSay ? (RequestForm.OpenApi, null)
            : request.WebhookUrl is null ? (RequestForm.ModelPage, RequestForm.OpenApi)
            : (RequestForm.OpenApi, RequestForm.ModelPage);
    }

    /// <summary>A form to send first.</summary>
    /// <param name="Form">The form.</param>
    /// <param name="IsProven">
    /// Whether the service has rejected the other form. The acceptance of this form is not sufficient, because the response can be the earlier job of a known
    /// key.
    /// </param>
    private sealed record KnownForm(RequestForm Form, bool IsProven);

    /// <summary>The known form for requests of one kind.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim holds nothing to release as long as nobody asks for its wait handle.")]
    private sealed class Finding
    {
        private volatile KnownForm? _known;

        /// <summary>Held by the request that determines the form.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        public KnownForm? Known
        {
            get => _known;
            set => _known = value;
        }
    }
}
