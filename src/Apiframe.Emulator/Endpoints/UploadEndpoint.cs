using System;
using System.Linq;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Uploads;

namespace Apiframe.Emulator.Endpoints;

/// <summary><c>POST /v2/uploads</c>. Takes images only, as the emulator has models for images only.</summary>
internal sealed class UploadEndpoint
{
    public const string Path = "/v2/uploads";

    private const int MaxFileBytes = 25 * 1024 * 1024;
    private const string FieldName = "file";

    private readonly UploadStore _uploads;
    private readonly Uri _filesUri;

    public UploadEndpoint(UploadStore uploads, Uri baseUri)
    {
        _uploads = uploads;
        _filesUri = new Uri(baseUri, FilesEndpoint.UploadPathPrefix);
    }

    public HttpResponse Answer(HttpRequest request)
    {
        if (MultipartForm.Read(request.Header("Content-Type"), request.Body) is not { } parts)
        {
            return Refusal("The body must be multipart/form-data");
        }

        if (parts.FirstOrDefault(part => part.Name != FieldName) is not null)
        {
            return Refusal("The form must have no field but 'file'");
        }

        return parts.Count switch
        {
            0 => Refusal("No file was sent"),
            1 => Store(parts[0].Content),
            _ => Refusal("Only one file can be sent at a time"),
        };
    }

    private HttpResponse Store(ArraySegment<byte> content)
    {
        if (content.Count > MaxFileBytes)
        {
            return Refusal("The file is larger than 25 MB");
        }

        return ImageKind.Of(content) is { } kind ? Created(_uploads.Add(kind, content)) : Refusal("Unsupported file type");
    }

    private HttpResponse Created(UploadedFile file) => JsonAnswer.Of(201, json =>
    {
        json.WriteString("id", file.Id);
        json.WriteString("url", new Uri(_filesUri, file.FileName).AbsoluteUri);
        json.WriteString("kind", "image");
        json.WriteString("contentType", file.Kind.MediaType);
        json.WriteNumber("byteSize", file.Content.Count);
        json.WriteString("expiresAt", Timestamp.Of(file.ExpiresAt));
    });

    private static HttpResponse Refusal(string text) => JsonAnswer.Error(400, text);
}
