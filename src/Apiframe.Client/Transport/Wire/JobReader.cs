using System;
using System.Linq;
using System.Text.Json;
using Apiframe.Client.Edits;
using Apiframe.Client.Journal;
using Apiframe.Client.Retry;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Reads a job from a response of the service. The job keeps the properties that only the client knows.</summary>
internal static class JobReader
{
    /// <summary>Reads the job from the response to a submission.</summary>
    /// <param name="json">The response.</param>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="given">The same request with the paths of local files.</param>
    /// <param name="connection">The connection of the request.</param>
    /// <param name="journal">The journal that records the job, or null.</param>
    public static BananaJob Accepted(JsonElement json, SubmitRequest request, SubmitRequest given, ApiframeConnection connection, BananaJournal? journal) => new()
    {
        JobId = Id(json),
        Status = JobStatus.Normalize(json.Text("status")),
        Prompt = request.PromptOrNull,
        Options = request.ToOptions(),
        Number = request.Number,
        CreatedAt = connection.Session.Clock.UtcNow,
        IdempotencyKey = request.IdempotencyKey,
        RawJson = json.Raw(),
        Connection = connection,
        AcceptedAt = connection.Session.Clock.Elapsed,
        Journal = journal,
        WantsWebhook = request.WebhookUrl is not null,
        Retry = FailedJobRetry.RequestOf(given, request.IdempotencyKey),
    };

    /// <summary>Reads a job object from <c>GET /v2/jobs/{id}</c> or a list.</summary>
    /// <param name="json">The object.</param>
    /// <param name="connection">The connection of the request.</param>
    /// <param name="known">Returns the known job for an ID, or null. Lists omit the request, so its properties are kept.</param>
    /// <param name="isListed">Whether the object comes from a list.</param>
    public static BananaJob Read(JsonElement json, ApiframeConnection connection, Func<string, BananaJob?> known, bool isListed = false)
    {
        string id = Id(json);
        BananaJob? earlier = known(id);
        JsonElement input = json.Object("input") ?? default;
        return new BananaJob
        {
            JobId = id,
            Status = JobStatus.Normalize(json.Text("status")),
            Prompt = earlier?.Prompt ?? input.Text("prompt"),
            Options = Options(input, json.Text("model") ?? earlier?.Model, earlier?.Options),
            Number = earlier?.Number,
            Progress = json.Number("progress") is { } progress ? (int)Math.Max(0, Math.Min(100, progress)) : null,
            ImageUrls = ResultReader.ImageUrls(json.Property("result")),
            Error = json.Words("error") is { } error ? WebUrl.Shown(error) : null,
            CreditCost = json.Number("creditCost"),
            WebhookStatus = json.Text("webhookStatus"),
            CreatedAt = json.Time("createdAt") ?? earlier?.CreatedAt,
            CompletedAt = json.Time("completedAt"),
            Expired = json.IsTrue("expired"),
            IdempotencyKey = earlier?.IdempotencyKey,
            RawJson = json.Raw(),
            IsTold = true,
            Connection = connection,
            AcceptedAt = earlier?.AcceptedAt,
            Journal = earlier?.Journal,
            Retry = earlier?.Retry,
            WantsWebhook = earlier?.WantsWebhook == true,
            HasWebhook = json.Text("webhookStatus") is not null || (input.Text("webhookUrl") ?? input.Text("webhook_url")) is not null ? true
                : isListed ? earlier?.HasWebhook
                : false,
        };
    }

    /// <summary>Returns the problem with a response that must contain a job, or null.</summary>
    public static string? RequireId(JsonElement json) => OptionalId(json) is null ? "does not contain a job ID" : null;

    /// <summary>
    /// Returns the problem with a response that must contain this job, or null. Otherwise, the image of another job could be saved in its place.
    /// </summary>
    public static string? RequireJob(JsonElement json, string id) => RequireId(json) ?? (IsSame(Id(json), id) ? null : $"describes a job other than {id}");

    /// <summary>Returns the problem with a response that must contain a page of jobs, or null.</summary>
    public static string? RequireJobs(JsonElement json) =>
        json.Property("jobs") is { ValueKind: JsonValueKind.Array } jobs && jobs.EnumerateArray().All(job => OptionalId(job) is not null)
            ? null
            : "does not contain a list of jobs";

    private static ImageOptions Options(JsonElement input, string? model, ImageOptions? earlier) => EditModel.Of(model) is { } edit
        ? edit.Read(input.Object(edit.ParamsName) ?? default, earlier)
        : OptionsJson.Api.Read(input.Object("nanoBananaParams") ?? default, model, earlier);

    private static string Id(JsonElement json) => OptionalId(json) ?? throw new ArgumentException("The JSON does not contain a job ID.", nameof(json));

    private static bool IsSame(string id, string other) => Guid.TryParse(id, out Guid one) && Guid.TryParse(other, out Guid two)
        ? one == two
        : string.Equals(id, other, StringComparison.OrdinalIgnoreCase);

    private static string? OptionalId(JsonElement json) => json.Text("jobId") ?? json.Text("id") ?? json.Text("job_id");
}
