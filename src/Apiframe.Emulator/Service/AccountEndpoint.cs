using System;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Server;

namespace Apiframe.Emulator.Service;

/// <summary><c>GET /v2/me</c>.</summary>
internal sealed class AccountEndpoint(JobStore jobs, string apiKey, int concurrentJobs)
{
    private const int KeyPrefixLength = 8;

    /// <summary>The limit in the service's documentation. It is returned if no limit is configured, but it is not enforced.</summary>
    private const int UsualConcurrentJobs = 10;

    public HttpResponse Answer() => JsonResponse.Of(200, new JsonObject
    {
        ["user"] = new JsonObject
        {
            ["id"] = "e0a1b2c3-0001-4000-8000-000000000001",
            ["email"] = "emulator@example.com",
            ["role"] = "OWNER",
        },
        ["team"] = new JsonObject
        {
            ["id"] = "e0a1b2c3-0002-4000-8000-000000000002",
            ["name"] = "Emulator",
            ["credits"] = jobs.Billing().Balance,
            ["plan"] = "emulator",
            ["customerId"] = null,
            ["maxConcurrentJobs"] = concurrentJobs == 0 ? UsualConcurrentJobs : concurrentJobs,
        },
        ["apiKey"] = new JsonObject
        {
            ["id"] = "e0a1b2c3-0003-4000-8000-000000000003",
            ["name"] = "emulator",
            ["prefix"] = apiKey.Substring(0, Math.Min(KeyPrefixLength, apiKey.Length)),
        },
    });
}
