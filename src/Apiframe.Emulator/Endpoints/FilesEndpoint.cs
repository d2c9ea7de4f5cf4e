using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Service;
using Apiframe.Emulator.Jobs;
using Apiframe.Emulator.Uploads;

namespace Apiframe.Emulator.Endpoints;

/// <summary>The image files of completed jobs and those that were uploaded, for anybody: no key.</summary>
internal sealed class FilesEndpoint
{
    public const string PathPrefix = "/files/";
    public const string UploadPathPrefix = PathPrefix + "uploads/";

    private const int IdLength = 36;

    private readonly JobStore _jobs;
    private readonly UploadStore _uploads;
    private readonly PictureCache _images;

    public FilesEndpoint(JobStore jobs, UploadStore uploads, int imageBytes)
    {
        _jobs = jobs;
        _uploads = uploads;
        _images = new PictureCache(imageBytes);
    }

    public static bool IsFilePath(string path) => path.StartsWith(PathPrefix, StringComparison.Ordinal);

    public HttpResponse Answer(HttpRequest request) => Find(request.Path)?.Answer(request) ?? JsonAnswer.NotFound();

    /// <summary>Whether the file is there now.</summary>
    public bool Has(string path) => Find(path) is { IsGone: false };

    private ServedFile? Find(string path) => path.StartsWith(UploadPathPrefix, StringComparison.Ordinal)
        ? FindUpload(path.Substring(UploadPathPrefix.Length))
        : FindImage(path.Substring(PathPrefix.Length));

    private ServedFile? FindImage(string name)
    {
        if (!TryId(name, out var id) || _jobs.Find(id) is not { } job || job.FileName != name)
        {
            return null;
        }

        var state = job.StateAt(_jobs.Now);
        return state.HasFile
            ? new ServedFile(job.Request.FileExtension, id, job.EndsAt, state.IsExpired, () => new ArraySegment<byte>(_images.FileOf(job)))
            : null;
    }

    private ServedFile? FindUpload(string name) => TryId(name, out var id) && _uploads.Find(id) is { } file && file.FileName == name
        ? new ServedFile(file.Kind.Extension, id, file.CreatedAt, _uploads.Now >= file.ExpiresAt, () => file.Content)
        : null;

    private static bool TryId(string name, out Guid id) => JobId.TryParse(name.Substring(0, Math.Min(IdLength, name.Length)), out id);
}
