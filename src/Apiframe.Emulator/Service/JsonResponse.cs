using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

internal static class JsonResponse
{
    public const string Details = "details";
    public const string NotAllowed = "Not an allowed value";

    // Like the service, the emulator does not escape non-ASCII characters, so that tests cover the decoding of the client.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static HttpResponse Of(int status, JsonObject body) => new(status, "application/json; charset=utf-8", Bytes(body));

    public static ArraySegment<byte> Bytes(JsonObject body) => new(Encoding.UTF8.GetBytes(body.ToJsonString(Options)));

    public static HttpResponse Error(int status, string text) => Of(status, new JsonObject { ["error"] = text });

    public static HttpResponse Error(int status) => Error(status, HttpResponse.ReasonPhrase(status));

    public static HttpResponse NotFound() => Error(404, "Not found");

    public static HttpResponse InvalidKey() => Error(401, "Invalid API key");

    public static HttpResponse TooManyRequests() => Error(429, "Too many requests");

    /// <param name="retryAfter">The time for Retry-After, in seconds.</param>
    public static HttpResponse TooManyRequests(int retryAfter) =>
        TooManyRequests().With("Retry-After", retryAfter.ToString(CultureInfo.InvariantCulture));

    /// <param name="errors">The errors, by the paths of the fields.</param>
    public static HttpResponse Invalid(params (string Path, string Error)[] errors)
    {
        var details = new JsonObject();
        foreach (var field in errors.ToLookup(error => error.Path, error => error.Error))
        {
            details[field.Key] = new JsonArray([.. field]);
        }

        return Of(400, new JsonObject { ["error"] = "Validation failed", [Details] = details });
    }

    /// <summary>Returns a time in the format of the service: UTC, with milliseconds.</summary>
    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
