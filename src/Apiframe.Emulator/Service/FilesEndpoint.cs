using System;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>The image files of completed jobs and those that were uploaded, for anybody: no key.</summary>
internal sealed class FilesEndpoint(JobStore jobs, UploadStore uploads, PictureCache pictures)
{
    private const int IdLength = 36;

    public HttpResponse Answer(Route route) => Find(route.Name)?.Answer(route.Request) ?? JsonResponse.NotFound();

    /// <summary>Whether the file is there now.</summary>
    public bool Has(string name) => Find(name) is { IsGone: false };

    private ServedFile? Find(string name) => name.StartsWith(UploadStore.Folder, StringComparison.Ordinal)
        ? FindUpload(name.Substring(UploadStore.Folder.Length))
        : FindImage(name);

    private ServedFile? FindImage(string name)
    {
        var job = TryId(name, out var id) ? jobs.Find(id) : null;
        var state = job?.StateAt(jobs.Now);
        return job?.FileName == name && state is { HasFile: true, IsExpired: var isExpired }
            ? new ServedFile(id, job.Request.FileExtension, job.EndsAt, isExpired, () => new(pictures.FileOf(job)))
            : null;
    }

    private ServedFile? FindUpload(string name) => TryId(name, out var id) && uploads.Find(id) is { } file && file.FileName == name
        ? new ServedFile(id, file.Extension, file.CreatedAt, jobs.Now >= file.ExpiresAt, () => file.Content)
        : null;

    private static bool TryId(string name, out Guid id) => JobStore.TryId(name.Substring(0, Math.Min(IdLength, name.Length)), out id);
}
