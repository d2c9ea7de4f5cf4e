using System;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary>Accepts submissions of one kind.</summary>
internal sealed class SubmitEndpoint(ISubmissions kind, JobStore jobs, bool ignoresUnknownFields, WebhookSender webhooks, LiveCounts counts)
{
    private const int MaxIdempotencyKeyLength = 255;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public HttpResponse Answer(Route route)
    {
        if (jobs.RefusalNow() is { } refusal)
        {
            return refusal;
        }

        var request = route.Request;
        var idempotencyKey = request.Header("Idempotency-Key");
        if (idempotencyKey?.Length > MaxIdempotencyKeyLength)
        {
            return JsonResponse.Invalid(("Idempotency-Key", "Must have at most 255 characters"));
        }

        if (!"application/json".Equals(request.Header("Content-Type")?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase))
        {
            return JsonResponse.Error(415, "Content-Type must be application/json");
        }

        JsonElement body;
        RequestSchema? schema;
        string fingerprint;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(StrictUtf8.GetString(request.Body));
            schema = kind.SchemaOf(body);
            body = ignoresUnknownFields && schema is not null ? schema.Known(body) : body;

            // Escapes are resolved only when a string is read, so half of a surrogate pair must be found here and not in the schema.
            fingerprint = JobRequest.FingerprintOf(body);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return JsonResponse.Error(400, "Invalid JSON body");
        }

        (string Path, string Error)[] errors = schema?.ErrorsOf(body) ?? [.. kind.ErrorsWithoutSchema(body)];
        return errors.Length > 0 ? JsonResponse.Invalid(errors) : Submit(new JobRequest(body, fingerprint, schema!.ParamsName), idempotencyKey);
    }

    private HttpResponse Submit(JobRequest request, string? idempotencyKey)
    {
        var submission = jobs.Submit(request, string.IsNullOrEmpty(idempotencyKey) ? null : idempotencyKey, kind.DraftOf(request));
        if (submission.Job is not { } job)
        {
            return submission.Refusal!;
        }

        if (submission.IsReplay)
        {
            counts.Add(live => live.Replays++);
        }
        else
        {
            webhooks.Start(job);
        }

        return JsonResponse.Of(202, new JsonObject { ["jobId"] = job.Id, ["status"] = job.StateAt(jobs.Now).Status });
    }
}
