using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>The complete service. Checks the key and the rate limit, and forwards requests to their endpoints.</summary>
internal sealed class ApiframeService(
    string apiKey, RequestLimit limit, bool hidesErrorDetails, IReadOnlyDictionary<Endpoint, Func<Route, HttpResponse>> endpoints)
{
    public const string KeyHeader = "X-API-Key";

    public HttpResponse Answer(Route route)
    {
        if (route.NeedsKey && RefusalOf(route.Request) is { } refusal)
        {
            return refusal;
        }

        if (!endpoints.TryGetValue(route.Endpoint, out var endpoint))
        {
            return JsonResponse.NotFound();
        }

        if (!route.HasRightMethod)
        {
            return JsonResponse.Error(405, "Method not allowed").With("Allow", route.Method);
        }

        var answer = endpoint(route);
        return answer.Status == 400 && hidesErrorDetails ? WithoutDetails(answer) : answer;
    }

    private HttpResponse? RefusalOf(HttpRequest request)
    {
        var key = request.Header(KeyHeader);
        if (key != apiKey)
        {
            return string.IsNullOrEmpty(key) ? JsonResponse.Error(401, "API key is required") : JsonResponse.InvalidKey();
        }

        return limit.SecondsToWait() is var seconds and > 0 ? JsonResponse.TooManyRequests(seconds) : null;
    }

    private static HttpResponse WithoutDetails(HttpResponse refusal)
    {
        var body = JsonNode.Parse(refusal.Body.AsSpan())!.AsObject();
        body.Remove(JsonResponse.Details);
        return JsonResponse.Of(refusal.Status, body);
    }
}

/// <summary>A limit of requests per minute: a token bucket that holds the requests of one minute and is filled evenly.</summary>
/// <param name="perMinute">The number of requests per minute, or 0 for no limit.</param>
/// <param name="clock">Returns the current time.</param>
internal sealed class RequestLimit(int perMinute, Func<DateTimeOffset> clock)
{
    private readonly object _gate = new();
    private DateTimeOffset _at = clock();
    private double _left = perMinute;

    /// <summary>Takes a request from the bucket.</summary>
    /// <returns>0 if the request is allowed. Otherwise, the number of whole seconds until a request is allowed.</returns>
    public int SecondsToWait()
    {
        if (perMinute == 0)
        {
            return 0;
        }

        lock (_gate)
        {
            var now = clock();
            var perSecond = perMinute / 60.0;
            _left = Math.Min(perMinute, _left + (Math.Max(0, (now - _at).TotalSeconds) * perSecond));
            _at = now;
            if (_left < 1)
            {
                return (int)Math.Ceiling((1 - _left) / perSecond);
            }

            _left--;
            return 0;
        }
    }
}
