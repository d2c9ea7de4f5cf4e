using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>GET /v2/jobs</c> and <c>GET /v2/jobs/{id}</c>.</summary>
internal sealed class JobsEndpoint(JobStore jobs, JobJson json, bool hidesInput)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public HttpResponse AnswerJob(Route route)
    {
        if (!JobStore.TryId(route.Name, out var id))
        {
            return JsonResponse.Error(400, "Job id must be a UUID");
        }

        return jobs.Find(id) is { } job && !job.IsHiddenAt(jobs.Now) ? Show(job) : JsonResponse.Error(404, "Job not found");
    }

    /// <summary>Returns the newest job that does not have this ID.</summary>
    /// <returns>The response, or null if this is the only job.</returns>
    public HttpResponse? AnswerOtherThan(string id) =>
        jobs.NewestFirst().FirstOrDefault(job => !job.Id.ToString().Equals(id, StringComparison.OrdinalIgnoreCase)) is { } other ? Show(other) : null;

    public HttpResponse AnswerList(Route route)
    {
        var query = route.Request.Query;
        var errors = new List<(string Path, string Error)>();
        var status = Parameter("status", JsonResponse.NotAllowed, JobStatus.IsKnown);
        var limit = DefaultLimit;
        Parameter("limit", "Must be a whole number from 1 to 100", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);

        // A cursor contains the last job of the previous page instead of a position, so new jobs do not make pages repeat or skip a job.
        EmulatedJob? last = null;
        Parameter("cursor", "Invalid cursor", text => Guid.TryParseExact(text, "N", out var id) && (last = jobs.Find(id)) is not null);

        // The key of the emulator belongs to an owner, who sees the jobs of the team. They are the same as the jobs of the user.
        Parameter("scope", JsonResponse.NotAllowed, text => text is "user" or "team");
        var id = Guid.Empty;
        var search = Parameter("search", "Must be a UUID", text => JobStore.TryId(text, out id));
        var includeModels = Parameter("include_models", JsonResponse.NotAllowed, text => text is "true" or "false");
        var model = Parameter("model", string.Empty, _ => true);
        if (errors.Count > 0)
        {
            return JsonResponse.Invalid([.. errors]);
        }

        var now = jobs.Now;
        var page = jobs.NewestFirst(before: last)
            .Where(job => (search is null || job.Id == id)
                && !job.IsHiddenAt(now)
                && (model is null || job.Request.Model == model)
                && (status is null || job.StateAt(now).Status == status))
            .Take(limit + 1)
            .ToList();
        var hasMore = page.Count > limit;
        var body = new JsonObject
        {
            ["jobs"] = new JsonArray([.. page.Take(limit).Select(job => json.Of(job, now))]),
            ["nextCursor"] = hasMore ? page[limit - 1].Id.ToString("N") : null,
            ["hasMore"] = hasMore,
        };
        if (includeModels == "true")
        {
            var models = jobs.NewestFirst().Select(job => job.Request.Model).Distinct().OrderBy(name => name, StringComparer.Ordinal);
            body["models"] = new JsonArray([.. models]);
        }

        return JsonResponse.Of(200, body);

        string? Parameter(string name, string error, Predicate<string> isValid)
        {
            if (query.TryGetValue(name, out var text) && !isValid(text))
            {
                errors.Add((name, error));
            }

            return text;
        }
    }

    private HttpResponse Show(EmulatedJob job)
    {
        var body = json.Of(job, jobs.Now);
        if (!hidesInput)
        {
            body["input"] = job.Request.Input();
        }

        return JsonResponse.Of(200, body);
    }
}

/// <summary>Writes jobs in the format of the service.</summary>
/// <param name="filesUri">The address of the files of jobs.</param>
internal sealed class JobJson(Uri filesUri)
{
    /// <summary>Returns the properties of a job, without <c>input</c>, which only a single job has.</summary>
    public JsonObject Of(EmulatedJob job, DateTimeOffset now)
    {
        var state = job.StateAt(now);
        return new JsonObject
        {
            ["id"] = job.Id,
            ["status"] = state.Status,
            ["model"] = job.Request.Model,
            ["progress"] = state.Progress,
            ["result"] = state.HasResult ? ResultOf(job) : null,
            ["error"] = state.Status == JobStatus.Failed ? job.Error : null,
            ["creditCost"] = job.CostToldAt(state),
            ["webhookStatus"] = job.WebhookStatus,
            ["createdAt"] = JsonResponse.Timestamp(job.CreatedAt),
            ["completedAt"] = state.IsFinal ? JsonResponse.Timestamp(job.EndsAt) : null,
            ["expired"] = state.IsExpired,
        };
    }

    /// <summary>Returns the body of a webhook, which contains only the fields of the event.</summary>
    public JsonObject Of(WebhookEvent webhookEvent, EmulatedJob job)
    {
        var state = job.StateAt(webhookEvent.At);
        var body = new JsonObject { ["event"] = webhookEvent.Name, ["jobId"] = job.Id, ["status"] = state.Status, ["model"] = job.Request.Model };
        if (webhookEvent.Name == WebhookTarget.Failed)
        {
            body["error"] = job.Error;
            return body;
        }

        body["progress"] = state.Progress;
        if (webhookEvent.Name == WebhookTarget.Completed)
        {
            body["result"] = state.HasResult ? ResultOf(job) : null;
            body["creditCost"] = job.Cost;
            body["completedAt"] = JsonResponse.Timestamp(job.EndsAt);
        }

        return body;
    }

    private JsonObject ResultOf(EmulatedJob job) => new() { ["images"] = new JsonArray(filesUri.AbsoluteUri + job.FileName) };
}
