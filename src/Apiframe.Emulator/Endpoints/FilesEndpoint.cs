using System;
using System.Globalization;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Images;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Endpoints;

/// <summary>The image files of completed jobs, as a download host serves them: no key, ranges, validators.</summary>
internal sealed class FilesEndpoint
{
    public const string PathPrefix = "/files/";

    private const int IdLength = 36;

    private readonly JobStore _jobs;
    private readonly ImageCache _images;

    public FilesEndpoint(JobStore jobs, int imageBytes)
    {
        _jobs = jobs;
        _images = new ImageCache(imageBytes);
    }

    public static bool IsFilePath(string path) => path.StartsWith(PathPrefix, StringComparison.Ordinal);

    public HttpResponse Answer(HttpRequest request)
    {
        if (FindJob(request.Path) is not { } job || job.StateAt(_jobs.Now) is not { Status: JobStatus.Completed } state)
        {
            return JsonAnswer.NotFound();
        }

        if (state.IsExpired)
        {
            return JsonAnswer.Error(410, "Gone");
        }

        var content = _images.Get(job);
        var tag = $"\"{job.Id:N}-{job.Request.FileExtension}\"";
        var modified = job.EndsAt.ToString("R", CultureInfo.InvariantCulture);
        var wantsPart = ByteRange.TryParse(request.Header("Range"), content.Length, out var range);
        if (wantsPart && !IsStale(request.Header("If-Range"), tag, modified))
        {
            return range.Count == 0 ? Outside(content.Length) : Part(content, range, job, tag, modified);
        }

        return File(200, new ArraySegment<byte>(content), job, tag, modified);
    }

    private static bool IsStale(string? ifRange, string tag, string modified) =>
        ifRange is not null && ifRange != tag && ifRange != modified;

    private static HttpResponse Part(byte[] content, ByteRange range, EmulatedJob job, string tag, string modified) =>
        File(206, new ArraySegment<byte>(content, range.First, range.Count), job, tag, modified)
            .Add("Content-Range", FormattableString.Invariant($"bytes {range.First}-{range.Last}/{content.Length}"));

    private static HttpResponse Outside(int length) =>
        HttpResponse.Text(416, "The range lies outside the file.").Add("Content-Range", FormattableString.Invariant($"bytes */{length}"));

    private static HttpResponse File(int status, ArraySegment<byte> body, EmulatedJob job, string tag, string modified) =>
        new HttpResponse(status, MediaType(job.Request.FileExtension), body)
            .Add("ETag", tag)
            .Add("Last-Modified", modified)
            .Add("Accept-Ranges", "bytes");

    private static string MediaType(string extension) => extension == "jpg" ? "image/jpeg" : "image/" + extension;

    private EmulatedJob? FindJob(string path)
    {
        var name = path.Substring(PathPrefix.Length);
        var hasId = JobId.TryParse(name.Substring(0, Math.Min(IdLength, name.Length)), out var id);
        return hasId && _jobs.Find(id) is { } job && job.FileName == name ? job : null;
    }
}
