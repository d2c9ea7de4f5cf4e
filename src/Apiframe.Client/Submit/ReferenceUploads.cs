using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Apiframe.Client.Submit;

/// <summary>Uploads the local reference images of one call: each file once, however many prompts use it, and again when that failed or its time is nearly over.</summary>
internal sealed class ReferenceUploads
{
    /// <summary>A job that is submitted must find the file when its turn comes.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>A new upload counts for this long whatever its end says: by a clock that is fast it is over at once, and would be made again for each attempt.</summary>
    private static readonly TimeSpan New = TimeSpan.FromMinutes(1);

    private readonly Func<string, CancellationToken, Task<BananaUpload>> _upload;
    private readonly Clock _clock;
    private readonly Dictionary<string, Task<(BananaUpload Upload, TimeSpan At)>> _uploads = new(StringComparer.Ordinal);

    /// <param name="clock">Tells when an upload is nearly over.</param>
    /// <param name="upload">Uploads the file at a path.</param>
    public ReferenceUploads(Clock clock, Func<string, CancellationToken, Task<BananaUpload>> upload)
    {
        _clock = clock;
        _upload = upload;
    }

    /// <summary>The request with an address in the place of each local file.</summary>
    public async Task<SubmitRequest> ResolveAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (request.ReferenceImage.All(IsUrl))
        {
            return request;
        }

        string[] urls = await Task.WhenAll(request.ReferenceImage.Select(async reference =>
            IsUrl(reference) ? reference : (await OneAsync(reference, cancellationToken).ConfigureAwait(false)).Url.AbsoluteUri)).ConfigureAwait(false);
        return request with { ReferenceImage = urls };
    }

    private static bool IsUrl(string reference) => WebUrl.Parse(reference) is not null;

    private async Task<BananaUpload> OneAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (await CurrentAsync(path, cancellationToken).ConfigureAwait(false)).Upload;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The prompt that uploaded the file for all was cancelled; this one was not.
            }
        }
    }

    private Task<(BananaUpload Upload, TimeSpan At)> CurrentAsync(string path, CancellationToken cancellationToken)
    {
        lock (_uploads)
        {
            if (!_uploads.TryGetValue(path, out Task<(BananaUpload Upload, TimeSpan At)>? upload) || upload.IsFaulted || upload.IsCanceled || IsNearlyOver(upload))
            {
                upload = UploadAsync(path, cancellationToken);
                _uploads[path] = upload;
            }

            return upload;
        }
    }

    private async Task<(BananaUpload Upload, TimeSpan At)> UploadAsync(string path, CancellationToken cancellationToken)
    {
        BananaUpload upload = await _upload(path, cancellationToken).ConfigureAwait(false);
        return (upload, _clock.Elapsed);
    }

    private bool IsNearlyOver(Task<(BananaUpload Upload, TimeSpan At)> upload) => upload.Status == TaskStatus.RanToCompletion
        && upload.Result.Upload.ExpiresAt is { } end && end - _clock.UtcNow < Margin && _clock.Elapsed - upload.Result.At > New;
}
