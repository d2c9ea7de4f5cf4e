using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>An uploaded file. From the time it expires it is not available, and some time later its content is released.</summary>
internal sealed record UploadedFile(Guid Id, string Extension, ArraySegment<byte> Content, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary><c>POST /v2/uploads</c>. Accepts only images, because the emulator has only models for images.</summary>
internal sealed class UploadEndpoint(TimeSpan lifetime, Uri filesUri, Func<DateTimeOffset> clock)
{
    private const int MaxFileBytes = 25 * 1024 * 1024;
    private const string FieldName = "file";

    private readonly ConcurrentDictionary<string, UploadedFile> _byName = new(StringComparer.Ordinal);

    public HttpResponse Answer(Route route) => MultipartForm.Read(route.Request.Header("Content-Type"), route.Request.Body) switch
    {
        null => Refusal("The body must be multipart/form-data"),
        var fields when fields.Any(field => field.Name != FieldName) => Refusal("The form must contain only the field 'file'"),
        { Count: 0 } => Refusal("No file was sent"),
        { Count: > 1 } => Refusal("Only one file can be sent at a time"),
        [{ Content.Count: > MaxFileBytes }] => Refusal("The file is larger than 25 MB"),
        [var field] when ExtensionOf(field.Content) is { } extension => Add(extension, field.Content),
        _ => Refusal("Unsupported file type"),
    };

    /// <param name="name">The file name in the URL.</param>
    public UploadedFile? Find(string name) => _byName.TryGetValue(name, out var file) ? file : null;

    private static HttpResponse Refusal(string text) => JsonResponse.Error(400, text);

    /// <returns>The format of an image by its first bytes, or null for any other file.</returns>
    private static string? ExtensionOf(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "gif",

        // Four bytes with the length are between the two markers.
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "webp",
        _ => null,
    };

    private HttpResponse Add(string extension, ArraySegment<byte> content)
    {
        // Timestamps have whole milliseconds, so the time is rounded. The file then expires exactly at its expiresAt.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock().ToUnixTimeMilliseconds());
        foreach (var expired in _byName.Where(pair => pair.Value.ExpiresAt <= now))
        {
            _byName[expired.Key] = expired.Value with { Content = new([]) };
        }

        var file = new UploadedFile(Guid.NewGuid(), extension, content, now, now + lifetime);
        var name = $"uploads/{file.Id:D}.{extension}";
        _byName[name] = file;
        return JsonResponse.Of(201, new JsonObject
        {
            ["id"] = file.Id,
            ["url"] = new Uri(filesUri, name).AbsoluteUri,
            ["kind"] = "image",
            ["contentType"] = ServedFile.MediaTypeOf(extension),
            ["byteSize"] = content.Count,
            ["expiresAt"] = JsonResponse.Timestamp(file.ExpiresAt),
        });
    }
}
