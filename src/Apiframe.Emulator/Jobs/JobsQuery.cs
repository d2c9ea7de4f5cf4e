using System;
using System.Collections.Generic;
using System.Globalization;

namespace Apiframe.Emulator.Jobs;

/// <summary>The query of <c>GET /v2/jobs</c>.</summary>
internal sealed class JobsQuery
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    private JobsQuery()
    {
    }

    /// <summary>The moment the answer shows: one page, one time.</summary>
    public DateTimeOffset Now { get; private set; }

    public JobStatus? Status { get; private set; }

    public string? Model { get; private set; }

    public int Limit { get; private set; } = DefaultLimit;

    /// <summary>The last job of the page before.</summary>
    public EmulatedJob? After { get; private set; }

    public Guid? Search { get; private set; }

    public bool IncludeModels { get; private set; }

    public static JobsQuery Parse(IReadOnlyDictionary<string, string> query, JobStore jobs, ValidationErrors errors)
    {
        var parsed = new JobsQuery { Now = jobs.Now };
        if (query.TryGetValue("status", out var status))
        {
            errors.Require(JobStatusNames.TryParse(status, out var value), "status", ValidationErrors.NotAllowed);
            parsed.Status = value;
        }

        if (query.TryGetValue("limit", out var limit))
        {
            var isNumber = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
            errors.Require(isNumber && value is >= 1 and <= MaxLimit, "limit", "Must be a whole number from 1 to 100");
            parsed.Limit = value;
        }

        if (query.TryGetValue("cursor", out var cursor))
        {
            parsed.After = JobListCursor.Decode(cursor, jobs);
            errors.Require(parsed.After is not null, "cursor", "Invalid cursor");
        }

        if (query.TryGetValue("scope", out var scope))
        {
            // The emulator's key is an owner's, so the team's jobs are open to it; they are the same as the user's.
            errors.Require(scope is "user" or "team", "scope", ValidationErrors.NotAllowed);
        }

        if (query.TryGetValue("search", out var search))
        {
            errors.Require(JobId.TryParse(search, out var id), "search", "Must be a UUID");
            parsed.Search = id;
        }

        if (query.TryGetValue("include_models", out var includeModels))
        {
            errors.Require(includeModels is "true" or "false", "include_models", ValidationErrors.NotAllowed);
            parsed.IncludeModels = includeModels == "true";
        }

        parsed.Model = query.TryGetValue("model", out var model) ? model : null;
        return parsed;
    }
}
