using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>POST /v2/images/generate</c>.</summary>
internal sealed class GenerateEndpoint(
    JobStore jobs, GenerateSchema schema, bool ignoresUnknownFields, FilesEndpoint files, int port, WebhookSender webhooks, LiveCounts counts)
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
        string fingerprint;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(StrictUtf8.GetString(request.Body));
            body = ignoresUnknownFields ? schema.Known(body) : body;

            // Escapes are resolved only when a string is read; half of a surrogate pair has to show here, not in the schema.
            fingerprint = GenerateRequest.FingerprintOf(body);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return JsonResponse.Error(400, "Invalid JSON body");
        }

        var errors = schema.ErrorsOf(body);
        return errors.Length > 0 ? JsonResponse.Invalid(errors) : Submit(new GenerateRequest(body, fingerprint), idempotencyKey);
    }

    private HttpResponse Submit(GenerateRequest request, string? idempotencyKey)
    {
        var submission = jobs.Submit(request, string.IsNullOrEmpty(idempotencyKey) ? null : idempotencyKey, InputErrorOf(request));
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

    /// <summary>
    /// The error of a job whose reference images are not all there; null if they are. Only the emulator's own files are looked at: nothing is
    /// fetched from other hosts.
    /// </summary>
    private string? InputErrorOf(GenerateRequest request)
    {
        var missing = request.ImageInput.FirstOrDefault(url => IsOwnFile(new Uri(url), out var name) && !files.Has(name));
        return missing is null ? null : "The input image could not be fetched: " + missing;
    }

    /// <summary>Whoever asks for this port under another name of this machine asks the emulator too.</summary>
    private bool IsOwnFile(Uri url, out string name)
    {
        var isOwn = url.IsLoopback && url.Port == port && url.Scheme == Uri.UriSchemeHttp
            && url.AbsolutePath.StartsWith(Route.FilesPath, StringComparison.Ordinal);
        name = isOwn ? url.AbsolutePath.Substring(Route.FilesPath.Length) : string.Empty;
        return isOwn;
    }
}
