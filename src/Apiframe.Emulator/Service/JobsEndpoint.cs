using System;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>GET /v2/jobs</c> and <c>GET /v2/jobs/{id}</c>.</summary>
internal sealed class JobsEndpoint(JobStore jobs, JobJson json)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public HttpResponse AnswerJob(Route route)
    {
        if (!JobStore.TryId(route.Name, out var id))
        {
            return JsonResponse.Error(400, "Job id must be a UUID");
        }

        if (jobs.Find(id) is not { } job || job.IsHiddenAt(jobs.Now))
        {
            return JsonResponse.Error(404, "Job not found");
        }

        return Show(job);
    }

    /// <summary>Shows the newest of the jobs that do not have this ID.</summary>
    /// <returns>Null if there is none.</returns>
    public HttpResponse? AnswerOtherThan(string id) =>
        jobs.NewestFirst().FirstOrDefault(job => !job.Id.ToString().Equals(id, StringComparison.OrdinalIgnoreCase)) is { } other ? Show(other) : null;

    public HttpResponse AnswerList(Route route)
    {
        var query = route.Request.Query;
        var errors = new ValidationErrors();
        var status = Parameter("status", ValidationErrors.NotAllowed, JobStatus.IsKnown);
        var limit = DefaultLimit;
        Parameter("limit", "Must be a whole number from 1 to 100", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);

        // A cursor names the last job of the page before, not a position, so pages neither repeat nor skip a job while new ones come in.
        EmulatedJob? last = null;
        Parameter("cursor", "Invalid cursor", text => Guid.TryParseExact(text, "N", out var id) && (last = jobs.Find(id)) is not null);

        // The emulator's key is an owner's, so the team's jobs are open to it; they are the same as the user's.
        Parameter("scope", ValidationErrors.NotAllowed, text => text is "user" or "team");
        var id = Guid.Empty;
        var search = Parameter("search", "Must be a UUID", text => JobStore.TryId(text, out id));
        var includeModels = Parameter("include_models", ValidationErrors.NotAllowed, text => text is "true" or "false");
        var model = Parameter("model", string.Empty, _ => true);
        if (errors.Any)
        {
            return JsonResponse.Invalid(errors);
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
            body["models"] = new JsonArray([.. jobs.Models().Select(used => JsonValue.Create(used))]);
        }

        return JsonResponse.Of(200, body);

        string? Parameter(string name, string error, Predicate<string> isValid)
        {
            if (!query.TryGetValue(name, out var text))
            {
                return null;
            }

            errors.Require(isValid(text), name, error);
            return text;
        }
    }
    private HttpResponse Show(EmulatedJob job)
    {
        var body = json.Of(job, jobs.Now);
        body["input"] = JsonNode.Parse(job.Request.Input);
        return JsonResponse.Of(200, body);
    }
}
