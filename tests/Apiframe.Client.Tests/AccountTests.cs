using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class AccountTests
{
    private readonly FakeService _service = new(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_field_of_the_documented_account_is_read()
    {
        _service.Api.Json(FakeService.Account);

        BananaAccount account = await _service.Client.GetAccountAsync(Token);

        SentRequest sent = Assert.Single(_service.Api.Sent);
        Assert.Equal(("GET", "https://api.apiframe.ai/v2/me", FakeService.Key), (sent.Method, sent.Url.ToString(), sent.Header("X-API-Key")));
        Assert.Equal((1240m, "pro", 10), (account.Credits, account.Plan, account.MaxConcurrentJobs));
        Assert.Equal(("Runbooks", "9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"), (account.TeamName, account.TeamId));
        Assert.Equal(("ops@example.net", "OWNER", "c0f4f0a1-6f0e-4f5e-9d0b-0a1b2c3d4e5f"), (account.UserEmail, account.UserRole, account.UserId));
        Assert.Equal(("nightly", "afk_1a2b"), (account.ApiKeyName, account.ApiKeyPrefix));
        Assert.Equal("Runbooks", account.ToString());
    }

    [Theory]
    [InlineData("""{ "user": { "email": "ops@example.net" }, "team": null, "apiKey": null }""", "ops@example.net|||")]
    [InlineData("""{ "user": { "email": "ops@example.net" } }""", "ops@example.net|||")]
    [InlineData("""{ "user": null, "team": { "credits": 0 } }""", "|0||")]
    [InlineData("""{ "apiKey": { "name": "nightly" } }""", "||nightly|")]
    [InlineData("""{ "user": {}, "team": { "credits": 3 }, "apiKey": { "prefix": "afk_9" } }""", "|3||afk_9")]
    public async Task A_field_that_the_service_omits_is_null(string answer, string told)
    {
        _service.Api.Json(answer);

        BananaAccount account = await _service.Client.GetAccountAsync(Token);

        Assert.Equal(told, string.Join("|", account.UserEmail, account.Credits, account.ApiKeyName, account.ApiKeyPrefix));
        Assert.Null(account.Plan);
        Assert.Null(account.MaxConcurrentJobs);
    }

    [Fact]
    public async Task Fields_of_an_unexpected_type_do_not_hide_the_others()
    {
        _service.Api.Json("""
            {
              "user": [], "apiKey": "afk_1a2b", "new": { "a": 1 },
              "team": { "id": 7, "name": "Runbooks", "credits": "1240.5", "plan": {}, "maxConcurrentJobs": 1e12, "extra": true }
            }
            """);

        BananaAccount account = await _service.Client.GetAccountAsync(Token);

        Assert.Equal(("Runbooks", 1240.5m), (account.TeamName, account.Credits));
        Assert.Equal((null, null, null, null), (account.TeamId, account.Plan, account.MaxConcurrentJobs, account.ApiKeyPrefix));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "user": null, "team": null, "apiKey": null }""")]
    [InlineData("""{ "id": "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "status": "QUEUED" }""")]
    public async Task A_response_without_an_account_is_an_error(string answer)
    {
        _service.Api.Json(answer);

        Assert.Equal(ApiframeErrorKind.InvalidResponse, (await RefusalAsync()).Kind);
    }

    [Fact]
    public async Task Only_the_beginning_of_the_key_is_kept()
    {
        _service.Api.Json($$"""
            { "user": { "email": "{{FakeService.Key}}" }, "team": { "name": "of {{FakeService.Key}}" }, "apiKey": { "name": "nightly", "prefix": "{{FakeService.Key[..8]}}" } }
            """);

        BananaAccount account = await _service.Client.GetAccountAsync(Token);

        Assert.Equal(("afk_0123", "afk_***", "of afk_***"), (account.ApiKeyPrefix, account.UserEmail, account.TeamName));
        Assert.DoesNotContain(FakeService.Key, JsonSerializer.Serialize(account), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(401, """{ "error": "Bad key KEY or afk_other1" }""")]
    [InlineData(200, """{ "echo": "KEY afk_other1" }""")]
    [InlineData(200, "KEY afk_other1")]
    [InlineData(503, "KEY afk_other1")]
    public async Task No_error_contains_a_part_of_a_key(int status, string answer)
    {
        _service.Api.Json(answer.Replace("KEY", FakeService.Key, StringComparison.Ordinal), status, ("x-request-id", "afk_request"));

        ApiframeException e = await RefusalAsync();

        Assert.Equal(answer.Length > 0, e.Message.Contains("afk_***", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"afk_\w", e + e.RequestId + string.Join(",", _service.Log.Lines));
    }

    [Fact]
    public async Task Getting_the_account_without_a_key_is_an_error()
    {
        var service = new FakeService(new ApiframeConnectionOptions());

        Assert.Equal(ApiframeErrorKind.MissingApiKey, (await Assert.ThrowsAsync<ApiframeException>(() => service.Client.GetAccountAsync(Token))).Kind);
        Assert.Empty(service.Api.Sent);
    }

    [Fact]
    public async Task A_404_is_an_error_about_the_base_URI_and_not_about_a_job()
    {
        _service.Api.Json("""{ "error": "Not found" }""", 404, ("x-request-id", "req_1"));

        ApiframeException e = await RefusalAsync();

        Assert.Equal((ApiframeErrorKind.InvalidBaseUri, 404, "req_1"), (e.Kind, e.StatusCode, e.RequestId));
        Assert.Contains("https://api.apiframe.ai/ is not an Apiframe v2 service. It returned HTTP status 404 for the path /v2/me", e.Message, StringComparison.Ordinal);
        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task A_request_without_a_response_is_sent_again()
    {
        var service = new FakeService();
        service.Api.Json("""{ "error": "down" }""", 503).Json(FakeService.Account);

        Assert.Equal("nightly", (await service.Client.GetAccountAsync(Token)).ApiKeyName);
        Assert.Equal(2, service.Api.Sent.Count);
    }

    private Task<ApiframeException> RefusalAsync() => Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetAccountAsync(Token));
}
