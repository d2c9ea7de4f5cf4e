using System;
using System.Text;
using System.Text.Json;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;
using Apiframe.Emulator.Webhooks;

namespace Apiframe.Emulator.Endpoints;

/// <summary><c>POST /v2/images/generate</c>.</summary>
internal sealed class GenerateEndpoint
{
    public const string Path = "/v2/images/generate";

    private const int MaxIdempotencyKeyLength = 255;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JobStore _jobs;
    private readonly GenerateRequestValidator _validator;
    private readonly ImageInputs _inputs;
    private readonly WebhookDispatcher _webhooks;
    private readonly RequestTally _tally;

    public GenerateEndpoint(JobStore jobs, EmulatorRequestForm form, ImageInputs inputs, WebhookDispatcher webhooks, RequestTally tally)
    {
        _jobs = jobs;
        _validator = new GenerateRequestValidator(form);
        _inputs = inputs;
        _webhooks = webhooks;
        _tally = tally;
    }

    public HttpResponse Answer(HttpRequest request)
    {
        var idempotencyKey = request.Header("Idempotency-Key");
        if (idempotencyKey?.Length > MaxIdempotencyKeyLength)
        {
            return JsonAnswer.Invalid("Idempotency-Key", "Must have at most 255 characters");
        }

        if (!IsJson(request.Header("Content-Type")))
        {
            return JsonAnswer.Error(415, "Content-Type must be application/json");
        }

        using var body = ParseBody(request.Body);
        if (body is null)
        {
            return JsonAnswer.Error(400, "Invalid JSON body");
        }

        var errors = new ValidationErrors();
        return _validator.Validate(body.RootElement, errors) is { } valid
            ? Submit(valid, string.IsNullOrEmpty(idempotencyKey) ? null : idempotencyKey)
            : JsonAnswer.Invalid(errors);
    }

    private HttpResponse Submit(GenerateRequest request, string? idempotencyKey)
    {
        var result = _jobs.Submit(request, idempotencyKey, _inputs.ErrorOf(request.ImageInput));
        switch (result.Outcome)
        {
            case SubmitOutcome.KeyConflict:
                return JsonAnswer.Error(409, "Idempotency-Key was used with another request body");
            case SubmitOutcome.InsufficientCredits:
                return InsufficientCredits(_jobs.Prices.CostOf(request.Resolution), result.CreditsAvailable);
            case SubmitOutcome.TooManyJobs:
                return JsonAnswer.Error(429, "Too many concurrent jobs");
            case SubmitOutcome.Replayed:
                _tally.Replay();
                break;
            default:
                _webhooks.Start(result.Job!);
                break;
        }

        return Accepted(result.Job!);
    }

    private HttpResponse Accepted(EmulatedJob job) => JsonAnswer.Of(202, json =>
    {
        json.WriteString("jobId", job.Id);
        json.WriteString("status", JobStatusNames.NameOf(job.StateAt(_jobs.Now).Status));
    });

    private static HttpResponse InsufficientCredits(int required, long available) => JsonAnswer.Of(402, json =>
    {
        json.WriteString("error", "Insufficient credits");
        json.WriteNumber("creditsRequired", required);
        json.WriteNumber("creditsAvailable", available);
    });

    private static bool IsJson(string? contentType) =>
        contentType is not null && contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static JsonDocument? ParseBody(byte[] body)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(StrictUtf8.GetString(body));
            // Escapes are resolved only when a string is read; an unpaired surrogate has to show here, not in the validator.
            CanonicalJson.Fingerprint(document.RootElement);
            return document;
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            document?.Dispose();
            return null;
        }
    }
}
