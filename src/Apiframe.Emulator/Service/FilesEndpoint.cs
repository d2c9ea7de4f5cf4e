using System;
using System.Globalization;
using System.Linq;
using System.Net.Http.Headers;
using Apiframe.Emulator.Pictures;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>The image files of completed jobs and uploaded files. No key is needed.</summary>
internal sealed class FilesEndpoint(JobStore jobs, UploadEndpoint uploads, int imageBytes)
{
    private const int IdLength = 36;

    public HttpResponse Answer(Route route) => Find(route.Name)?.Answer(route.Request) ?? JsonResponse.NotFound();

    public bool Has(string name) => Find(name) is { IsGone: false };

    /// <summary>
    /// Returns what an available file shows. Null if the file is not available, or if the size of an uploaded file is unknown. For uploads, a scene of the same
    /// size is invented.
    /// </summary>
    public Func<ulong, Scene>? SceneOf(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        if (uploads.Find(name) is { } file)
        {
            return ImageHeader.SizeOf(file.Content.AsSpan(), file.Extension) is { } size ? seed => new Scene(seed, PictureSize.Of(size.Width, size.Height)) : null;
        }

        var scene = jobs.Find(Guid.Parse(name.Substring(0, IdLength)))!.Scene;
        return _ => scene;
    }

    private ServedFile? Find(string name)
    {
        if (uploads.Find(name) is { } file)
        {
            return new ServedFile(file.Id, file.Extension, file.CreatedAt, jobs.Now >= file.ExpiresAt, () => file.Content);
        }

        var job = JobStore.TryId(name.Substring(0, Math.Min(IdLength, name.Length)), out var id) ? jobs.Find(id) : null;
        return job?.FileName == name && job.StateAt(jobs.Now) is { HasFile: true } state
            ? new ServedFile(id, job.FileExtension, job.EndsAt, state.IsExpired, () => new(PictureFile.Of(job, imageBytes)))
            : null;
    }
}

/// <summary>A file of a download host, with ranges and validators. Its content is created only when it is sent.</summary>
internal sealed class ServedFile(Guid id, string extension, DateTimeOffset modified, bool isGone, Func<ArraySegment<byte>> content)
{
    private readonly string _tag = $"\"{id:N}-{extension}\"";
    private readonly string _modified = modified.ToString("R", CultureInfo.InvariantCulture);

    public bool IsGone => isGone;

    public static string MediaTypeOf(string extension) => extension == "jpg" ? "image/jpeg" : "image/" + extension;

    public HttpResponse Answer(HttpRequest request)
    {
        if (IsGone)
        {
            return JsonResponse.Error(410);
        }

        var file = content();
        var ifRange = request.Header("If-Range");
        var isStale = ifRange is not null && ifRange != _tag && ifRange != _modified;
        if (isStale || RangeOf(request.Header("Range"), file.Count) is not { } range)
        {
            return Send(200, file);
        }

        var (first, last) = range;
        return first <= last
            ? Send(206, new(file.Array!, file.Offset + (int)first, (int)(last - first) + 1))
                .With("Content-Range", FormattableString.Invariant($"bytes {first}-{last}/{file.Count}"))
            : HttpResponse.Text(416, "The range is outside the file.")
                .With("Content-Range", FormattableString.Invariant($"bytes */{file.Count}"));
    }

    /// <returns>
    /// The first and the last requested byte. Null for anything except one valid range, because RFC 9110, section 14.2, allows such a header to be ignored.
    /// </returns>
    private static (long First, long Last)? RangeOf(string? header, int length)
    {
        if (!RangeHeaderValue.TryParse(header ?? string.Empty, out var parsed)
            || parsed.Ranges.Count != 1
            || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var range = parsed.Ranges.Single();
        return range.From is { } first
            ? (first, Math.Min(range.To ?? long.MaxValue, length - 1))
            : (Math.Max(0, length - range.To!.Value), length - 1);
    }

    private HttpResponse Send(int status, ArraySegment<byte> body) =>
        new HttpResponse(status, MediaTypeOf(extension), body)
            .With("ETag", _tag)
            .With("Last-Modified", _modified)
            .With("Accept-Ranges", "bytes");
}
