using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Journal;

namespace Apiframe.NanoBanana.Submitting;

/// <summary>An image with the key that it is submitted under.</summary>
/// <param name="Request">The checked request.</param>
/// <param name="Claim">The claim on its entry in the journal. Null without a journal, or with -WhatIf, which submits nothing.</param>
/// <param name="HasJob">Whether the journal already contains its job.</param>
internal sealed record KeyedImage(SubmitRequest Request, JournalClaim? Claim, bool HasJob)
{
    /// <summary>Submits the image, unless the journal contains its job.</summary>
    public Task<BananaJob> SubmitAsync(ApiframeClient client, CancellationToken cancellationToken) =>
        Claim is null ? client.SubmitAsync(Request, cancellationToken) : client.SubmitAsync(Claim, cancellationToken);
}
