using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData("https://api.apiframe.ai", "https://api.apiframe.ai/")]
    [InlineData("https://gateway.example.net/apiframe/", "https://gateway.example.net/apiframe/")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://localhost:8080", "http://localhost:8080/")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/")]
    public void A_base_URI_uses_HTTPS_or_is_on_this_computer(string given, string used) => Assert.Equal(used, Connect(given).BaseUri.ToString());

    [Theory]
    [InlineData("http://api.apiframe.ai", "unencrypted")]
    [InlineData("http://127.0.0.1.example.net", "unencrypted")]
    [InlineData("ftp://api.apiframe.ai", "not an absolute http or https URL")]
    [InlineData("api.apiframe.ai", "not an absolute http or https URL")]
    [InlineData("/v2", "not an absolute http or https URL")]
    [InlineData("https://user:word@api.apiframe.ai", "contains a user name")]
    [InlineData("ftp://user:word@api.apiframe.ai", "'***@api.apiframe.ai' is not an absolute http or https URL")]
    [InlineData("user:word@api.apiframe.ai", "'***@api.apiframe.ai' is not an absolute http or https URL")]
    [InlineData("ftp://api.apiframe.ai/?token=word", "'ftp://api.apiframe.ai/?***' is not an absolute http or https URL")]
    [InlineData("https://api.apiframe.ai?x=1", "contains a user name, a query")]
    public void Any_other_base_URI_is_rejected_with_the_reason(string given, string text)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => Connect(given));

        Assert.Equal(ApiframeErrorKind.InvalidBaseUri, e.Kind);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("word", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_in_the_base_uri_is_kept()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = new Uri("https://gateway.example.net/apiframe") });
        service.Api.Json(FakeService.Completed());

        await service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal("https://gateway.example.net/apiframe/v2/jobs/" + FakeService.JobId, service.Api.Sent[0].Url.ToString());
    }

    [Fact]
    public void HTTP_to_another_computer_is_allowed_only_with_the_option_for_it() => Assert.Equal(
        "http://gateway.example.net/",
        new ApiframeConnection(new ApiframeConnectionOptions { BaseUri = new Uri("http://gateway.example.net"), AllowUnencryptedAuthentication = true }).BaseUri.ToString());

    [Fact]
    public async Task All_requests_go_through_a_proxy_that_requires_a_user_and_a_password()
    {
        using var proxy = new ForwardingProxy("ops", "s3cret");
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = FakeService.Key, GenerationTimeSec = 0 });
        var options = new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, BaseUri = emulator.BaseUri, Proxy = proxy.Address, ProxyCredential = new NetworkCredential("ops", "s3cret"),
        };
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var client = new ApiframeClient(new ApiframeConnection(options), new RequestLog().Add);
            BananaJob job = await client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);
            job = await client.GetJobAsync(job.JobId, TestContext.Current.CancellationToken);
            await new ImageDownloader(client.Connection).SaveAsync(
                job, 0, SaveTarget.InFolder(folder, "kite"), ExistingFile.Refuse, TestContext.Current.CancellationToken);

            Assert.Equal(["POST /v2/images/generate", $"GET /v2/jobs/{job.JobId}", "GET " + job.ImageUrl!.AbsolutePath], proxy.Forwarded);
            Assert.Equal((3, 0), (emulator.Counts.Requests, emulator.Counts.KeysSentToDownloads));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_proxy_that_rejects_the_user_is_named_as_the_cause()
    {
        using var proxy = new ForwardingProxy("ops", "s3cret");
        var options = new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = new Uri("http://127.0.0.1:9"), Proxy = proxy.Address, MaximumRetryCount = 0 };

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => new ApiframeClient(new ApiframeConnection(options)).GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken));

        Assert.Equal((ApiframeErrorKind.Gateway, 407), (e.Kind, e.StatusCode));
        Assert.Contains("proxy", e.Message, StringComparison.Ordinal);
        Assert.Empty(proxy.Forwarded);
    }

    [Theory]
    [InlineData("ftp://proxy.example.net", false, false)]
    [InlineData("http://user:word@proxy.example.net", false, false)]
    [InlineData("http://proxy.example.net", true, false)]
    [InlineData(null, false, true)]
    public void A_proxy_setting_that_contradicts_itself_or_contains_a_password_is_rejected(string? proxy, bool noProxy, bool credential)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => new ApiframeConnection(new ApiframeConnectionOptions
        {
            Proxy = proxy is null ? null : new Uri(proxy), NoProxy = noProxy, ProxyCredential = credential ? new NetworkCredential("a", "word") : null,
        }));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.DoesNotContain("word", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\r\nX-Other: 1")]
    public void A_user_agent_that_is_empty_or_contains_a_line_break_is_rejected(string userAgent) => Assert.Equal(
        ApiframeErrorKind.InvalidRequest,
        Assert.Throws<ApiframeException>(() => new ApiframeConnection(new ApiframeConnectionOptions { UserAgent = userAgent })).Kind);

    [Theory]
    [InlineData("afk_1 2")]
    [InlineData("afk_1\nX-Other: 1")]
    [InlineData("afk_é")]
    public void A_key_that_is_not_valid_is_rejected_without_being_quoted(string key)
    {
        ApiframeException e = Assert.Throws<ApiframeException>(() => new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = key }));

        Assert.Equal(ApiframeErrorKind.Authentication, e.Kind);
        Assert.DoesNotContain("afk_", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Without_a_key_nothing_is_sent(string? key)
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = key });

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.MissingApiKey, e.Kind);
        Assert.Empty(service.Api.Sent);
    }

    [Fact]
    public async Task Spaces_around_a_key_are_removed_and_the_user_agent_can_be_specified()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = $" {FakeService.Key}\n", UserAgent = "Night/1.0" });
        service.Api.Json(FakeService.Completed());

        await service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal((FakeService.Key, "Night/1.0"), (service.Api.Sent[0].Header("X-API-Key"), service.Api.Sent[0].Header("User-Agent")));
    }

    [Fact]
    public void A_connection_prints_its_address_and_not_its_key() => Assert.Equal("https://api.apiframe.ai/", Connect("https://api.apiframe.ai").ToString());

    private static ApiframeConnection Connect(string baseUri) =>
        new(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = new Uri(baseUri, UriKind.RelativeOrAbsolute) });
}
