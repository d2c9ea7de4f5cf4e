using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>An image under the key that it is submitted under.</summary>
/// <param name="Request">The checked request.</param>
/// <param name="Claim">Its place in the journal; null without a journal, or with -WhatIf, which submits nothing.</param>
/// <param name="HasJob">Whether the journal has its job already.</param>
internal sealed record KeyedImage(SubmitRequest Request, JournalClaim? Claim, bool HasJob)
{
    /// <summary>Submits the image, unless the journal has its job.</summary>
    public Task<BananaJob> SubmitAsync(ApiframeClient client, CancellationToken cancellationToken) =>
        Claim is null ? client.SubmitAsync(Request, cancellationToken) : client.SubmitAsync(Claim, cancellationToken);
}
