using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class RoutingTests : IDisposable
{
    private readonly TestEmulator _test = new();

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("/v2/me")]
    [InlineData("/v2/jobs")]
    [InlineData("/v2/uploads")]
    [InlineData("/v2/jobs/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90")]
    [InlineData("/no/such/path")]
    public async Task Requires_a_key(string path)
    {
        using var response = await _test.Anonymous.GetAsync(path, TestContext.Current.CancellationToken);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.Unauthorized, "API key is required");
    }

    [Fact]
    public async Task Rejects_an_unknown_key()
    {
        _test.Anonymous.DefaultRequestHeaders.Add("X-API-Key", TestEmulator.ApiKey + "0");

        using var response = await _test.Anonymous.GetAsync("/v2/me", TestContext.Current.CancellationToken);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.Unauthorized, "Invalid API key");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v2")]
    [InlineData("/v2/jobs/")]
    [InlineData("/v2/jobs/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90/cancel")]
    [InlineData("/V2/me")]
    [InlineData("/v2/uploads/x")]
    public async Task Returns_404_for_unknown_paths(string path)
    {
        using var response = await _test.GetAsync(path);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.NotFound, "Not found");
    }

    [Theory]
    [InlineData("GET", "/v2/images/generate", "POST")]
    [InlineData("DELETE", "/v2/jobs/7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "GET")]
    [InlineData("POST", "/v2/jobs", "GET")]
    [InlineData("PUT", "/v2/me", "GET")]
    [InlineData("GET", "/v2/uploads", "POST")]
    [InlineData("GET", "/v2/images/upscale", "POST")]
    [InlineData("GET", "/v2/images/background-remove", "POST")]
    [InlineData("POST", "/v2/models", "GET")]
    [InlineData("DELETE", "/files/x", "GET")]
    public async Task Returns_the_allowed_methods_with_a_405(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _test.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.MethodNotAllowed, "Method not allowed");
        Assert.Equal([allowed], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/v2/jobs?limit=0&status=x", "Validation failed")]
    [InlineData("/v2/models?modality=smell", "Validation failed")]
    [InlineData("/v2/jobs/12", "Job id must be a UUID")]
    public async Task A_rejection_can_omit_the_names_of_fields(string path, string error)
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, HideErrorDetails = true });

        using var response = await test.GetAsync(path);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.BadRequest, error);
        Assert.Equal(["error"], (await TestEmulator.JsonOf(response)).AsObject().Select(member => member.Key));
        Assert.Equal(1, test.Emulator.Counts.Refusals);
    }

    [Fact]
    public async Task HideErrorDetails_removes_only_the_details_of_validation_errors()
    {
        var options = new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, HideErrorDetails = true, Credits = 0 };
        using var test = new TestEmulator(options);

        using var invalid = await test.PostAsync("{}");
        using var tooDear = await test.PostAsync(TestEmulator.SmallestRequest);

        Assert.Equal("""{"error":"Validation failed"}""", (await TestEmulator.JsonOf(invalid)).ToJsonString());
        Assert.Equal(5, (int)(await TestEmulator.JsonOf(tooDear))["creditsRequired"]!);
    }

    [Theory]
    [InlineData("/v2/me")]
    [InlineData("/no/such/path")]
    public async Task Every_response_has_a_date_and_its_own_request_ID(string path)
    {
        using var first = await _test.GetAsync(path);
        using var second = await _test.GetAsync(path);

        Assert.NotNull(first.Headers.Date);
        Assert.StartsWith("req_", Assert.Single(first.Headers.GetValues("x-request-id")), StringComparison.Ordinal);
        Assert.NotEqual(first.Headers.GetValues("x-request-id"), second.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task The_account_contains_balance_limit_and_key_prefix()
    {
        await _test.SubmitAsync();

        var me = await _test.GetJsonAsync("/v2/me");

        Assert.Equal("OWNER", (string)me["user"]!["role"]!);
        Assert.True(Guid.TryParseExact((string)me["user"]!["id"]!, "D", out _));
        Assert.Equal(995, (int)me["team"]!["credits"]!);
        Assert.Equal(10, (int)me["team"]!["maxConcurrentJobs"]!);
        Assert.Null(me["team"]!["customerId"]);
        Assert.Equal("afk_0123", (string)me["apiKey"]!["prefix"]!);
    }

    [Theory]
    [InlineData("", 8)]
    [InlineData("?modality=image", 8)]
    [InlineData("?modality=video", 0)]
    [InlineData("?modality=music", 0)]
    public async Task The_model_list_is_public_and_can_be_filtered_by_modality(string query, int count)
    {
        using var response = await _test.Anonymous.GetAsync("/v2/models" + query, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(count, (await TestEmulator.JsonOf(response))["models"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_model_list_contains_the_range_of_prices()
    {
        var models = (await _test.GetJsonAsync("/v2/models"))["models"]!.AsArray();

        Assert.All(models, model => Assert.Equal("image", TestEmulator.Text(model!, "modality")));
        Assert.Equal(
            [
                ("nano-banana", "per-output", 4, 15), ("nano-banana-pro", "per-output", 4, 15), ("nano-banana-2", "per-output", 4, 15),
                ("nano-banana-2-lite", "per-output", 4, 15), ("topaz-image-upscale", "per-output", 4, 128), ("clarity-upscale", "flat", 10, 10),
                ("bria-bg-remove", "flat", 3, 3), ("851-bg-remove", "flat", 1, 1),
            ],
            models.Select(model => (
                TestEmulator.Text(model!, "id"), TestEmulator.Text(model!, "pricingMode"), (int)model!["costMin"]!, (int)model["costMax"]!)));
    }

    [Fact]
    public async Task The_model_list_rejects_an_unknown_modality()
    {
        using var response = await _test.GetAsync("/v2/models?modality=smell");

        await TestEmulator.AssertInvalidAsync(response, ("modality", "Not an allowed value"));
    }
}
