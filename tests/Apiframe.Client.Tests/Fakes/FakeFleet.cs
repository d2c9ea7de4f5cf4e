using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Web;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>Many jobs on a service that uses the fake clock. The jobs can be requested one by one, or from a list that shows the newest first.</summary>
internal sealed class FakeFleet
{
    private readonly FakeService _service;
    private readonly List<(string Id, TimeSpan Born, double Seconds)> _jobs = [];

    public FakeFleet(FakeService service)
    {
        _service = service;
        service.Api.Route(Answer);
    }

    public HashSet<string> Unlisted { get; } = [];

    public bool ListsWithoutResults { get; set; }

    /// <summary>Whether the list always has another page, which contains the newest jobs again.</summary>
    public bool ListIsEndless { get; set; }

    /// <summary>The response of the list instead of a page, or null for a page.</summary>
    public (int Status, string Json)? ListFailure { get; set; }

    /// <summary>Every how many list requests one fails. 0 means that none fails.</summary>
    public int ListFailsEvery { get; set; }

    /// <summary>Every how many requests for a single job one fails. 0 means that none fails.</summary>
    public int SinglesFailEvery { get; set; }

    public int ListRequests => _service.Api.Sent.Count(sent => sent.Url.AbsolutePath.EndsWith("/jobs", StringComparison.Ordinal));

    public int SingleRequests => _service.Api.Sent.Count - ListRequests;

    /// <summary>Creates a job that is accepted now and completes after the specified number of seconds.</summary>
    public BananaJob Accept(double seconds)
    {
        string id = new Guid(_jobs.Count + 1, 0, 0, new byte[8]).ToString();
        _jobs.Add((id, _service.Clock.Elapsed, seconds));
        return new BananaJob { JobId = id, Status = "QUEUED", Prompt = "kite " + id, Connection = _service.Connection, AcceptedAt = _service.Clock.Elapsed };
    }

    /// <summary>The time in seconds from the end of each job until it was first returned as completed.</summary>
    public Dictionary<string, double> Lateness { get; } = [];

    private (int Status, string Json) Answer(SentRequest request)
    {
        string[] path = request.Url.AbsolutePath.Split('/');
        if (path[^1] != "jobs")
        {
            if (SinglesFailEvery > 0 && _service.Api.Sent.Count % SinglesFailEvery == 0)
            {
                return (503, """{ "error": "Down" }""");
            }

            return _jobs.Where(job => job.Id == path[^1]).Select(job => (200, Json(job, withResult: true))).DefaultIfEmpty((404, """{ "error": "Job not found" }""")).First();
        }

        if (ListFailure is { } failure)
        {
            return failure;
        }

        if (ListFailsEvery > 0 && _service.Api.Sent.Count % ListFailsEvery == 0)
        {
            return (503, """{ "error": "Down" }""");
        }

        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(request.Url.Query);
        int skip = int.Parse(query["cursor"] ?? "0", CultureInfo.InvariantCulture);
        int limit = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
        var listed = Enumerable.Reverse(_jobs).Where(job => !Unlisted.Contains(job.Id)).ToList();
        bool more = ListIsEndless || skip + limit < listed.Count;
        string jobs = string.Join(",", listed.Skip(skip < listed.Count ? skip : 0).Take(limit).Select(job => Json(job, !ListsWithoutResults)));
        return (200, $$"""{ "jobs": [{{jobs}}], "hasMore": {{(more ? "true" : "false")}}, "nextCursor": {{(more ? $"\"{skip + limit}\"" : "null")}} }""");
    }

    private string Json((string Id, TimeSpan Born, double Seconds) job, bool withResult)
    {
        double share = (_service.Clock.Elapsed - job.Born).TotalSeconds / job.Seconds;
        if (share >= 1)
        {
            Lateness.TryAdd(job.Id, (share - 1) * job.Seconds);
        }

        string state = share >= 1 ? "COMPLETED" : share < 0.1 ? "QUEUED" : "PROCESSING";
        int progress = share >= 1 ? 100 : share < 0.1 ? 0 : (int)(1 + ((share - 0.1) / 0.9 * 98));
        string result = share >= 1 && withResult ? $$""", "result": "https://c.example/{{job.Id}}.png" """ : string.Empty;
        return $$"""{ "id": "{{job.Id}}", "status": "{{state}}", "progress": {{progress}}{{result}} }""";
    }
}
