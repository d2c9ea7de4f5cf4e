using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Web;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>Many jobs on a service whose time is the fake clock's: asked for one by one or from the list, newest first.</summary>
internal sealed class FakeFleet
{
    private readonly FakeService _service;
    private readonly List<(string Id, TimeSpan Born, double Seconds)> _jobs = [];

    public FakeFleet(FakeService service)
    {
        _service = service;
        service.Api.Route(Answer);
    }

    /// <summary>Ids that the list does not show.</summary>
    public HashSet<string> Unlisted { get; } = [];

    /// <summary>Whether the list leaves results out.</summary>
    public bool ListsWithoutResults { get; set; }

    /// <summary>Whether the list always has another page, which shows the newest jobs again.</summary>
    public bool ListIsEndless { get; set; }

    /// <summary>What the list answers instead of a page; null for a page.</summary>
    public (int Status, string Json)? ListFailure { get; set; }

    /// <summary>Each how manieth list request fails; 0 for none.</summary>
    public int ListFailsEvery { get; set; }

    /// <summary>Each how manieth request for a single job fails; 0 for none.</summary>
    public int SinglesFailEvery { get; set; }

    public int ListRequests => _service.Api.Sent.Count(sent => sent.Url.AbsolutePath.EndsWith("/jobs", StringComparison.Ordinal));

    public int SingleRequests => _service.Api.Sent.Count - ListRequests;

    /// <summary>A job that was accepted just now and will take so many seconds.</summary>
    public BananaJob Accept(double seconds)
    {
        string id = new Guid(_jobs.Count + 1, 0, 0, new byte[8]).ToString();
        _jobs.Add((id, _service.Clock.Elapsed, seconds));
        return new BananaJob { JobId = id, Status = "QUEUED", Prompt = "kite " + id, Connection = _service.Connection, AcceptedAt = _service.Clock.Elapsed };
    }

    /// <summary>How long after its end each job was first shown as completed, in seconds.</summary>
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
