using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>POST /v2/images/generate</c>.</summary>
/// <param name="jobs">Makes the job.</param>
/// <param name="form">The request form taken.</param>
/// <param name="files">Has the reference images that are the emulator's own.</param>
/// <param name="port">Where the emulator listens.</param>
/// <param name="accepted">Called for each job made.</param>
/// <param name="replayed">Called when an earlier job is the answer.</param>
internal sealed class GenerateEndpoint(
    JobStore jobs, EmulatorRequestForm form, FilesEndpoint files, int port, Action<EmulatedJob> accepted, Action replayed)
{
    private const int MaxIdempotencyKeyLength = 255;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly GenerateSchema _schema = new(form);

    public HttpResponse Answer(Route route)
    {
        var request = route.Request;
        var idempotencyKey = request.Header("Idempotency-Key");
        if (idempotencyKey?.Length > MaxIdempotencyKeyLength)
        {
            return JsonResponse.Invalid("Idempotency-Key", "Must have at most 255 characters");
        }

        if (!"application/json".Equals(request.Header("Content-Type")?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase))
        {
            return JsonResponse.Error(415, "Content-Type must be application/json");
        }

        JsonDocument body;
        string fingerprint;
        try
        {
            body = JsonDocument.Parse(StrictUtf8.GetString(request.Body));

            // Escapes are resolved only when a string is read; an unpaired surrogate has to show here, not in the schema.
            fingerprint = Canonical(body.RootElement);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return JsonResponse.Error(400, "Invalid JSON body");
        }

        using (body)
        {
            var errors = new ValidationErrors();
            _schema.Validate(body.RootElement, errors);
            return errors.Any ? JsonResponse.Invalid(errors) : Submit(GenerateRequest.Read(body.RootElement, fingerprint), idempotencyKey);
        }
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
            replayed();
        }
        else
        {
            accepted(job);
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

    /// <summary>One spelling for JSON texts that say the same: members in order of name, no white space, escapes resolved.</summary>
    private static string Canonical(JsonElement json) => json.ValueKind switch
    {
        // Of two members with one name the last counts, as in JavaScript.
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject()
            .GroupBy(member => member.Name)
            .OrderBy(members => members.Key, StringComparer.Ordinal)
            .Select(members => JsonEncodedText.Encode(members.Key) + ":" + Canonical(members.Last().Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.String => "\"" + JsonEncodedText.Encode(json.GetString()!) + "\"",
        _ => json.GetRawText(),
    };
}
