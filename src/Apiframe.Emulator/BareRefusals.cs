using System;
using System.Text.Json;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator;

/// <summary>Stands before the service and takes the details off its answers of status 400: they then name no field.</summary>
internal sealed class BareRefusals
{
    private const string Error = "error";

    private readonly Func<HttpRequest, HttpResponse> _service;

    public BareRefusals(Func<HttpRequest, HttpResponse> service) => _service = service;

    public HttpResponse Answer(HttpRequest request)
    {
        var answer = _service(request);
        return answer.Status == 400 ? Bare(answer) : answer;
    }

    private static HttpResponse Bare(HttpResponse refusal)
    {
        using var body = JsonDocument.Parse(refusal.Body.AsMemory());
        var error = body.RootElement.GetProperty(Error).GetString();
        return refusal.With(body: JsonBody.Object(json => json.WriteString(Error, error)));
    }
}
