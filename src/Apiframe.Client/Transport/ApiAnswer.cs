using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Transport;

/// <summary>A complete response, and its error if it is not a success.</summary>
internal sealed class ApiAnswer
{
    private const int MaximumQuotedLength = 300;
    private const int MaximumReadLength = 16 * 1024;
    private const int MaximumDetails = 50;

    private readonly byte[] _body;
    private readonly bool _saysJson;
    private readonly TimeSpan? _retryAfter;
    private readonly ApiframeConnection _connection;
    private readonly Func<string, string> _mask;

    private ApiAnswer(ApiRequest request, HttpResponseMessage response, byte[] body, ApiframeConnection connection)
    {
        _body = body;
        _connection = connection;
        // The documented key prefix in a response must not be masked.
        _mask = request.TellsKeyPrefix && response.IsSuccessStatusCode ? connection.Secrets.ApplyToKeys : connection.Secrets.Apply;
        _saysJson = response.Content.Headers.ContentType?.MediaType?.IndexOf("json", StringComparison.OrdinalIgnoreCase) >= 0;
        _retryAfter = RetryAfterOf(response, connection.Session.Clock);
        StatusCode = (int)response.StatusCode;
        RequestId = response.Headers.TryGetValues("x-request-id", out IEnumerable<string>? ids)
            ? ShownText.Message(connection.Secrets.Apply(ids.First()))
            : null;
    }

    public int StatusCode { get; }

    public string? RequestId { get; }

    public static ApiAnswer From(ApiRequest request, HttpResponseMessage response, byte[] body, ApiframeConnection connection) =>
        new(request, response, body, connection);

    /// <summary>Returns the JSON object of a successful response.</summary>
    /// <param name="problem">Returns the problem with an object, or null. A response without the requested data is not a success.</param>
    /// <exception cref="ApiframeException">The status is not a success, or the body is not such an object.</exception>
    public JsonElement ReadSuccess(Func<JsonElement, string?> problem)
    {
        JsonElement? json = TryParse();
        if (StatusCode is < 200 or > 299)
        {
            throw Failure(json);
        }

        string? wrong = json is { ValueKind: JsonValueKind.Object } value ? problem(value) : "is not a JSON object";
        return wrong is null ? json!.Value : throw Error(ApiframeErrorKind.InvalidResponse, $"{Host} returned a response (HTTP status {StatusCode}) that {wrong}{Quoted()}");
    }

    private string Host => _connection.BaseUri.Host;

    private ApiframeException Failure(JsonElement? json)
    {
        string said = json is { ValueKind: JsonValueKind.Object } error ? ErrorText(error) : string.Empty;
        return StatusCode switch
        {
            _ when StatusCode is >= 300 and < 400 => Error(
                ApiframeErrorKind.Gateway,
                $"{Host} returned HTTP status {StatusCode}, a redirect. The redirect was not followed, because it could send the API key to another host."),
            407 => Error(ApiframeErrorKind.Gateway, "The proxy did not accept the request, because no valid user name and password were specified."),
            403 or >= 500 when json is null => Error(
                ApiframeErrorKind.Gateway,
                $"A gateway in front of {Host} returned HTTP status {StatusCode}. The response is not from the service, so the API key is not the cause{Quoted()}"),
            401 => Error(ApiframeErrorKind.Authentication, $"The service does not accept the API key{Colon(said)}"),
            402 => Credits(said, json),
            403 => Error(ApiframeErrorKind.Forbidden, $"The API key does not have permission for this request{Colon(said)}"),
            404 => Error(ApiframeErrorKind.NotFound, $"The service returned HTTP status 404{Colon(said)}"),
            409 => Error(ApiframeErrorKind.Conflict, $"The service has already accepted another request with this idempotency key{Colon(said)}"),
            429 => Error(ApiframeErrorKind.RateLimited, $"The service accepts no more requests at the moment{Colon(said)}"),
            >= 500 => Error(ApiframeErrorKind.ServiceUnavailable, $"The service returned HTTP status {StatusCode}{Colon(said)}"),
            _ => Invalid(said, json),
        };
    }

    private ApiframeException Invalid(string said, JsonElement? json)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> details = Details(json);
        string fields = Shorten(string.Join("; ", details.Select(field => (field.Key.Length == 0 ? string.Empty : field.Key + ": ") + string.Join(", ", field.Value))));
        string text = (said.Length, fields.Length) switch
        {
            (0, 0) => Quoted(),
            (_, 0) => Colon(said),
            _ => $": {said} ({fields}).",
        };
        return Error(ApiframeErrorKind.InvalidRequest, $"The service rejected the request with HTTP status {StatusCode}{text}", details);
    }

    private ApiframeException Credits(string said, JsonElement? json)
    {
        decimal? required = json?.Number("creditsRequired");
        decimal? available = json?.Number("creditsAvailable");
        string figures = required is null || available is null ? Colon(said) : $". The image costs {required} credits, and the balance is {available}.";
        return new ApiframeException(ApiframeErrorKind.InsufficientCredits, $"The account does not have enough credits{figures}")
        {
            StatusCode = StatusCode,
            RequestId = RequestId,
            CreditsRequired = required,
            CreditsAvailable = available,
        };
    }

    private ApiframeException Error(
        ApiframeErrorKind kind, string message, IReadOnlyDictionary<string, IReadOnlyList<string>>? details = null) =>
        new(kind, message)
        {
            StatusCode = StatusCode,
            RequestId = RequestId,
            RetryAfter = _retryAfter,
            Details = details ?? ApiframeException.NoDetails,
            // 501 and statuses below 500 are rejections. After any other 5xx, or a success that cannot be read, the request may have been processed.
            OutcomeUnknown = StatusCode is < 300 or (>= 500 and not 501),
        };

    /// <summary>Returns the body as JSON. An object counts as JSON for any content type. Other text may be valid JSON by accident.</summary>
    private JsonElement? TryParse()
    {
        try
        {
            JsonElement json = MaskedJson.Of(Utf8Json.Parse(_body), _mask);
            return _saysJson || json.ValueKind == JsonValueKind.Object ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of any of the error shapes: <c>error</c> or <c>message</c>, as a string, an object, or an array.</summary>
    private static string ErrorText(JsonElement json) => Shorten(json.Words("error") ?? json.Words("message") ?? string.Empty);

    private static Dictionary<string, IReadOnlyList<string>> Details(JsonElement? json)
    {
        IEnumerable<(string Path, IEnumerable<string> Texts)> fields = json?.Property("details") switch
        {
            { ValueKind: JsonValueKind.Object } map => map.Fields().Select(field => (field.Key, field.Value.Texts())),
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().GroupBy(PathOf, (path, items) => (path, items.Select(item => item.Words()).OfType<string>())),
            { ValueKind: JsonValueKind.String } text => [(string.Empty, text.Texts())],
            _ => [],
        };
        var details = new Dictionary<string, IReadOnlyList<string>>();
        foreach ((string path, IEnumerable<string> texts) in fields.Take(MaximumDetails))
        {
            details[Shorten(ShownText.Message(path))] = texts.Take(MaximumDetails).Select(text => Shorten(ShownText.Message(text))).ToList();
        }

        return details;
    }

    /// <summary>Returns the field of an item in a list of details: its <c>path</c> or <c>field</c>, as text or in parts. Empty if there is none.</summary>
    private static string PathOf(JsonElement item) =>
        string.Join(".", (item.Property("path") ?? item.Property("field"))?.PathParts() ?? []);

    private string Quoted()
    {
        // The text could end in the middle of a key, which would not be recognized. The second half of a truncated text is therefore omitted.
        string start = Encoding.UTF8.GetString(_body, 0, Math.Min(_body.Length, MaximumReadLength));
        string masked = _connection.Secrets.Apply(start);
        string text = Shorten(Regex.Replace(_body.Length > MaximumReadLength ? masked.Substring(0, masked.Length / 2) : masked, @"\s+", " ").Trim());
        return text.Length == 0 ? ". The body of the response is empty." : $". The response begins with '{text}'.";
    }

    private static string Shorten(string text) => text.Length <= MaximumQuotedLength ? text : text.Substring(0, MaximumQuotedLength) + "...";

    private static string Colon(string said) => said.Length == 0 ? "." : $": {said.TrimEnd('.')}.";

    /// <summary>Returns the time that a response asks to wait, or null.</summary>
    internal static TimeSpan? RetryAfterOf(HttpResponseMessage response, Clock clock)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.UtcNow,
            _ => null,
        };
        // Zero, a negative time, or a date in the past is ignored. Respecting it would repeat the request in a tight loop.
        return asked > TimeSpan.Zero ? asked : null;
    }
}
