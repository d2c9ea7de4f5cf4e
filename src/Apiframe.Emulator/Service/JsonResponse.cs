using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>What the service answers with.</summary>
internal static class JsonResponse
{
    public const string Details = "details";
    public const string NotAllowed = "Not an allowed value";

    // Text beyond ASCII goes out as it is, like the service's own, so that a client's decoding is put to the test.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static HttpResponse Of(int status, JsonObject body) => new(status, "application/json; charset=utf-8", Bytes(body));

    public static ArraySegment<byte> Bytes(JsonObject body) => new(Encoding.UTF8.GetBytes(body.ToJsonString(Options)));

    public static HttpResponse Error(int status, string text) => Of(status, new JsonObject { ["error"] = text });

    public static HttpResponse Error(int status) => Error(status, HttpResponse.ReasonPhrase(status));

    public static HttpResponse NotFound() => Error(404, "Not found");

    public static HttpResponse InvalidKey() => Error(401, "Invalid API key");

    public static HttpResponse TooManyRequests() => Error(429, "Too many requests");

    /// <param name="retryAfter">When to come again, in seconds.</param>
    public static HttpResponse TooManyRequests(int retryAfter) =>
        TooManyRequests().With("Retry-After", retryAfter.ToString(CultureInfo.InvariantCulture));

    /// <param name="errors">What is wrong, by the paths of the fields.</param>
    public static HttpResponse Invalid(params (string Path, string Error)[] errors)
    {
        var details = new JsonObject();
        foreach (var field in errors.ToLookup(error => error.Path, error => error.Error))
        {
            details[field.Key] = new JsonArray([.. field]);
        }

        return Of(400, new JsonObject { ["error"] = "Validation failed", [Details] = details });
    }

    /// <summary>A time as the service writes it: UTC, with milliseconds.</summary>
    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
