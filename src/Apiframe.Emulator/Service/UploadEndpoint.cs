using System;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>POST /v2/uploads</c>. Takes images only, as the emulator has models for images only.</summary>
internal sealed class UploadEndpoint(UploadStore uploads, Uri filesUri)
{
    private const int MaxFileBytes = 25 * 1024 * 1024;
    private const string FieldName = "file";

    public HttpResponse Answer(Route route) => MultipartForm.Read(route.Request.Header("Content-Type"), route.Request.Body) switch
    {
        null => Refusal("The body must be multipart/form-data"),
        var fields when fields.Any(field => field.Name != FieldName) => Refusal("The form must have no field but 'file'"),
        { Count: 0 } => Refusal("No file was sent"),
        { Count: > 1 } => Refusal("Only one file can be sent at a time"),
        [{ Content.Count: > MaxFileBytes }] => Refusal("The file is larger than 25 MB"),
        [var field] when UploadStore.ExtensionOf(field.Content) is { } extension => Created(uploads.Add(extension, field.Content)),
        _ => Refusal("Unsupported file type"),
    };

    private HttpResponse Created(UploadedFile file) => JsonResponse.Of(201, new JsonObject
    {
        ["id"] = file.Id,
        ["url"] = new Uri(filesUri, UploadStore.Folder + file.FileName).AbsoluteUri,
        ["kind"] = "image",
        ["contentType"] = ServedFile.MediaTypeOf(file.Extension),
        ["byteSize"] = file.Content.Count,
        ["expiresAt"] = JsonResponse.Timestamp(file.ExpiresAt),
    });

    private static HttpResponse Refusal(string text) => JsonResponse.Error(400, text);
}
