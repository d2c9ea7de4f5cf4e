using System;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Endpoints;

/// <summary><c>GET /v2/me</c>.</summary>
internal sealed class AccountEndpoint
{
    public const string Path = "/v2/me";

    private const int KeyPrefixLength = 8;

    /// <summary>What the docs' example says; without a limit it is told, but not kept.</summary>
    private const int UsualConcurrentJobs = 10;

    private readonly JobStore _jobs;
    private readonly string _keyPrefix;
    private readonly int _maxConcurrentJobs;

    public AccountEndpoint(JobStore jobs, string apiKey, int concurrentJobs)
    {
        _jobs = jobs;
        _keyPrefix = apiKey.Substring(0, Math.Min(KeyPrefixLength, apiKey.Length));
        _maxConcurrentJobs = concurrentJobs == 0 ? UsualConcurrentJobs : concurrentJobs;
    }

    public HttpResponse Answer() => JsonAnswer.Of(200, json =>
    {
        json.WriteStartObject("user");
        json.WriteString("id", "e0a1b2c3-0001-4000-8000-000000000001");
        json.WriteString("email", "emulator@example.com");
        json.WriteString("role", "OWNER");
        json.WriteEndObject();
        json.WriteStartObject("team");
        json.WriteString("id", "e0a1b2c3-0002-4000-8000-000000000002");
        json.WriteString("name", "Emulator");
        json.WriteNumber("credits", _jobs.Billing().Balance);
        json.WriteString("plan", "emulator");
        json.WriteNull("customerId");
        json.WriteNumber("maxConcurrentJobs", _maxConcurrentJobs);
        json.WriteEndObject();
        json.WriteStartObject("apiKey");
        json.WriteString("id", "e0a1b2c3-0003-4000-8000-000000000003");
        json.WriteString("name", "emulator");
        json.WriteString("prefix", _keyPrefix);
        json.WriteEndObject();
    });
}
