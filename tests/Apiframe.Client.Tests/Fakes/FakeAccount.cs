using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Web;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Tests.Fakes;

/// <summary>The jobs of an account, listed newest first in pages of two. Each job has the request that it was made from.</summary>
internal sealed class FakeAccount
{
    private readonly FakeService _service;
    private readonly List<(int Number, DateTimeOffset CreatedAt, string Status, SubmitRequest Request)> _jobs = [];

    public FakeAccount(FakeService service)
    {
        _service = service;
        service.Api.Route(Answer);
    }

    /// <summary>Whether the service omits the requests from its jobs. The default is false.</summary>
    public bool HidesInput { get; set; }

    /// <summary>The number of jobs after which the list ends without saying so, or null for all jobs.</summary>
    public int? ListedAtMost { get; set; }

    /// <summary>The value of hasMore on the last page, as JSON. The default is <c>false</c>.</summary>
    public string HasMore { get; set; } = "false";

    /// <summary>The last segments of the paths whose next response is lost: <c>jobs</c> or the ID of a job.</summary>
    public HashSet<string> LosesNext { get; } = [];

    /// <summary>Called before each page is created.</summary>
    public Action? Listing { get; set; }

    public int ListRequests => _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/jobs");

    public int JobRequests => _service.Api.Sent.Count - ListRequests;

    /// <summary>Adds a job with the current time.</summary>
    public int Add(int number, SubmitRequest request, string status = "COMPLETED")
    {
        _jobs.Add((number, _service.Clock.UtcNow, status, request));
        return number;
    }

    private (int Status, string Json) Answer(SentRequest sent)
    {
        string last = sent.Url.Segments[^1];
        if (LosesNext.Remove(last))
        {
            throw new HttpRequestException("reset");
        }

        if (last != "jobs")
        {
            return _jobs.Where(job => JournalBench.JobId(job.Number) == last).Select(job => (200, Json(job, withInput: !HidesInput)))
                .DefaultIfEmpty((404, """{ "error": "Job not found" }""")).First();
        }

        Listing?.Invoke();
        int skip = int.Parse(HttpUtility.ParseQueryString(sent.Url.Query)["cursor"] ?? "0", CultureInfo.InvariantCulture);
        string[] listed = [.. Enumerable.Reverse(_jobs).Take(ListedAtMost ?? int.MaxValue).Select(job => Json(job, withInput: false))];
        bool more = skip + 2 < listed.Length;
        return (200, $$"""
            { "jobs": [{{string.Join(",", listed.Skip(skip).Take(2))}}], "hasMore": {{(more ? "true" : HasMore)}}, "nextCursor": {{(more ? $"\"{skip + 2}\"" : "null")}} }
            """);
    }

    private static string Json((int Number, DateTimeOffset CreatedAt, string Status, SubmitRequest Request) job, bool withInput)
    {
        string input = withInput ? $""", "input": {Encoding.UTF8.GetString(RequestBody.Write(job.Request, RequestForm.OpenApi))}""" : string.Empty;
        string result = job.Status == "COMPLETED" ? """, "result": "https://cdn.example.net/1.png", "creditCost": 9""" : """, "creditCost": 0""";
        return $$"""
            { "id": "{{JournalBench.JobId(job.Number)}}", "status": "{{job.Status}}", "model": "{{job.Request.Model ?? ImageOptions.DefaultModel}}", "createdAt": "{{job.CreatedAt:O}}",
              "completedAt": "{{job.CreatedAt:O}}" {{result}}{{input}} }
            """;
    }
}
