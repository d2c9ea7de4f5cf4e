using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>The whole service: lets in who has the key and keeps to the limit, and passes requests on to their endpoints.</summary>
/// <param name="apiKey">The only key that is taken.</param>
/// <param name="secondsToWait">Counts a request against the limit: 0 if it may pass, else how long until one will.</param>
/// <param name="hidesErrorDetails">Whether responses of status 400 name no field.</param>
/// <param name="endpoints">Who answers what.</param>
internal sealed class ApiframeService(
    string apiKey, Func<int> secondsToWait, bool hidesErrorDetails, IReadOnlyDictionary<Endpoint, Func<Route, HttpResponse>> endpoints)
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
            return JsonResponse.Error(401, string.IsNullOrEmpty(key) ? "API key is required" : "Invalid API key");
        }

        return secondsToWait() is var seconds and > 0
            ? JsonResponse.TooManyRequests().With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    private static HttpResponse WithoutDetails(HttpResponse refusal)
    {
        var body = JsonNode.Parse(refusal.Body.AsSpan())!.AsObject();
        body.Remove(JsonResponse.Details);
        return JsonResponse.Of(refusal.Status, body);
    }
}
