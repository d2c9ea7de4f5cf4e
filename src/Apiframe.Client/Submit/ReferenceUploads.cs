using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;

namespace Apiframe.Client.Submit;

/// <summary>
/// Uploads the local reference images of one call. Each file is uploaded once for all prompts, and again if the upload failed or expires soon.
/// </summary>
internal sealed class ReferenceUploads
{
    /// <summary>The minimum remaining time of an upload, because a submitted job reads the file when it starts.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The time for which a new upload counts as valid in any case. Otherwise, if the clock of this computer is fast, it would count as expired at once and be
    /// repeated for each attempt.
    /// </summary>
    private static readonly TimeSpan New = TimeSpan.FromMinutes(1);

    private readonly Func<string, CancellationToken, Task<BananaUpload>> _upload;
    private readonly Clock _clock;
    private readonly Dictionary<string, Task<(BananaUpload Upload, TimeSpan At)>> _uploads = new(StringComparer.Ordinal);

    /// <param name="clock">The clock for the expiration of uploads.</param>
    /// <param name="upload">Uploads the file at a path.</param>
    public ReferenceUploads(Clock clock, Func<string, CancellationToken, Task<BananaUpload>> upload)
    {
        _clock = clock;
        _upload = upload;
    }

    /// <summary>Returns the request with an address instead of each local file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="claim">Contains the uploads of earlier runs, and records new ones. Null without a journal.</param>
    /// <param name="cancellationToken">Cancels the uploads that were started for this request.</param>
    public async Task<SubmitRequest> ResolveAsync(SubmitRequest request, JournalClaim? claim, CancellationToken cancellationToken)
    {
        if (request.ReferenceImage.All(IsUrl))
        {
            return request;
        }

        string[] urls = await Task.WhenAll(request.ReferenceImage.Select(async reference =>
            IsUrl(reference) ? reference : (await OneAsync(reference, claim, cancellationToken).ConfigureAwait(false)).Url.AbsoluteUri)).ConfigureAwait(false);
        return request with { ReferenceImage = urls };
    }

    private static bool IsUrl(string reference) => WebUrl.Parse(reference) is not null;

    private async Task<BananaUpload> OneAsync(string path, JournalClaim? claim, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (await CurrentAsync(path, claim, cancellationToken).ConfigureAwait(false)).Upload;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The prompt that started the upload was canceled. This prompt was not, so it repeats the upload.
            }
        }
    }

    private Task<(BananaUpload Upload, TimeSpan At)> CurrentAsync(string path, JournalClaim? claim, CancellationToken cancellationToken)
    {
        lock (_uploads)
        {
            if (!_uploads.TryGetValue(path, out Task<(BananaUpload Upload, TimeSpan At)>? upload) || upload.IsFaulted || upload.IsCanceled || IsNearlyOver(upload))
            {
                upload = claim?.FindUpload(path) is { ExpiresAt: { } end } noted && !IsNearlyOver(end)
                    ? Task.FromResult((noted, TimeSpan.Zero))
                    : UploadAsync(path, claim, cancellationToken);
                _uploads[path] = upload;
            }

            return upload;
        }
    }

    private async Task<(BananaUpload Upload, TimeSpan At)> UploadAsync(string path, JournalClaim? claim, CancellationToken cancellationToken)
    {
        BananaUpload upload = await _upload(path, cancellationToken).ConfigureAwait(false);
        if (claim is not null)
        {
            await claim.NoteUploadAsync(path, upload).ConfigureAwait(false);
        }

        return (upload, _clock.Elapsed);
    }

    private bool IsNearlyOver(Task<(BananaUpload Upload, TimeSpan At)> upload) => upload.Status == TaskStatus.RanToCompletion
        && upload.Result.Upload.ExpiresAt is { } end && IsNearlyOver(end) && _clock.Elapsed - upload.Result.At > New;

    private bool IsNearlyOver(DateTimeOffset end) => end - _clock.UtcNow < Margin;
}
