using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Endpoints;

/// <summary><c>GET /v2/jobs</c> and <c>GET /v2/jobs/{id}</c>.</summary>
internal sealed class JobsEndpoint
{
    public const string Path = "/v2/jobs";

    private const string JobPathPrefix = "/v2/jobs/";

    private readonly JobStore _jobs;
    private readonly JobJson _jobJson;

    public JobsEndpoint(JobStore jobs, JobJson jobJson)
    {
        _jobs = jobs;
        _jobJson = jobJson;
    }

    public static bool IsJobPath(string path) =>
        path.StartsWith(JobPathPrefix, StringComparison.Ordinal)
        && path.Length > JobPathPrefix.Length
        && path.IndexOf('/', JobPathPrefix.Length) < 0;

    public static bool TryJobId(string path, out Guid id)
    {
        id = default;
        return IsJobPath(path) && JobId.TryParse(path.Substring(JobPathPrefix.Length), out id);
    }

    public static string PathOf(Guid id) => JobPathPrefix + id.ToString("D");

    public HttpResponse AnswerJob(HttpRequest request)
    {
        if (!TryJobId(request.Path, out var id))
        {
            return JsonAnswer.Error(400, "Job id must be a UUID");
        }

        if (_jobs.Find(id) is not { } job || job.IsHiddenAt(_jobs.Now))
        {
            return JsonAnswer.Error(404, "Job not found");
        }

        return JsonAnswer.Of(200, json =>
        {
            _jobJson.WriteMembers(json, job, _jobs.Now);
            json.WritePropertyName("input");
            json.WriteRawValue(job.Request.InputJson, skipInputValidation: true);
        });
    }

    public HttpResponse AnswerList(HttpRequest request)
    {
        var errors = new ValidationErrors();
        var query = JobsQuery.Parse(request.Query, _jobs, errors);
        if (errors.Any)
        {
            return JsonAnswer.Invalid(errors);
        }

        var page = _jobs.List(query);
        return JsonAnswer.Of(200, json =>
        {
            json.WriteStartArray("jobs");
            foreach (var job in page.Jobs)
            {
                json.WriteStartObject();
                _jobJson.WriteMembers(json, job, query.Now);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("nextCursor", page.NextCursor);
            json.WriteBoolean("hasMore", page.HasMore);
            if (query.IncludeModels)
            {
                JsonAnswer.WriteStrings(json, "models", _jobs.Models());
            }
        });
    }
}
