using System;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

internal static class UploadReader
{
    /// <summary>Returns the problem with a response that must contain an upload, or null.</summary>
    public static string? Require(JsonElement json) => Url(json) is null ? "does not contain the URL of the upload" : null;

    public static BananaUpload Read(JsonElement json) => new()
    {
        UploadId = json.Text("id"),
        Url = Url(json) ?? throw new ArgumentException("The JSON does not contain a URL.", nameof(json)),
        Kind = json.Text("kind"),
        ContentType = json.Text("contentType"),
        ByteSize = json.Number("byteSize") is { } size and >= 0 and <= long.MaxValue ? (long)size : null,
        ExpiresAt = json.Time("expiresAt"),
    };

    private static Uri? Url(JsonElement json) => WebUrl.Parse(json.Text("url"));
}
