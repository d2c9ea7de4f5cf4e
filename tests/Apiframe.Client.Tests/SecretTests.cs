using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Connection;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests that no key and no password gets into an object or an error, although servers echo them and the network stack quotes them.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Password = "hunter2-of-the-proxy";

    private static readonly string Escaped = string.Concat(FakeService.Key.Select(one => $"\\u{(int)one:x4}"));

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private readonly FakeService _service = new(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });

    /// <summary>Responses of a broken server or gateway. {0} is the key from the request.</summary>
    public static TheoryData<string> BrokenAnswers =>
    [
        "HTTP/1.1 2{0}0 OK\r\n\r\n",
        "{0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon {0}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: {0}\r\n\r\n{{}}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{0}\r\n{{}}\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2{0}\r\n{{}}\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}{0}\r\n",
        "HTTP/1.1 200 {0}\r\nContent-Type: {0}\r\nContent-Length: 2\r\n\r\n{{}}",
        "HTTP/1.1 302 {0}\r\nLocation: http://127.0.0.1:1/{0}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 {0}\r\nx-request-id: {0}\r\nRetry-After: {0}\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{{ \"error\": \"{0}\" }}    ",
        "HTTP/1.1 502 {0}\r\nContent-Type: text/html; charset={0}\r\nConnection: close\r\n\r\n<html>X-API-Key: {0}</html>",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task No_damaged_response_puts_the_key_into_an_error(string format)
    {
        using var server = new RawServer(head => Format(format, head));
        var log = new RequestLog();
        var client = new ApiframeClient(Connection(server.Address), log.Add);

        var e = await Assert.ThrowsAsync<ApiframeException>(() => client.GetJobAsync(FakeService.JobId, Token));

        Assert.Empty(KeyWatch.LeaksOf(e));
        Assert.Single(log.Lines);
    }

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task No_damaged_response_of_an_image_host_puts_the_signature_of_its_address_into_an_error(string format)
    {
        using var server = new RawServer(head => Format(format, head));
        var downloader = new ImageDownloader(Connection(server.Address), new RequestLog().Add);
        var url = new Uri(server.Address, $"/1.png?X-Amz-Signature={FakeService.Key}");

        var e = await Assert.ThrowsAsync<ApiframeException>(
            () => downloader.SaveAsync(url, SaveTarget.File(Path.Combine(_folder, "1.png")), ExistingFile.Refuse, Token));

        Assert.Empty(KeyWatch.LeaksOf(e));
        Assert.DoesNotContain("X-Amz-Signature", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_escaped_in_JSON_is_masked_in_the_error()
    {
        _service.Api.Json($$"""{ "error": "Bad key {{Escaped}}", "details": { "{{Escaped}}": ["{{Escaped}}"] } }""", 400);

        var e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(FakeService.Request(), Token));

        Assert.Contains("Bad key afk_***", e.Message, StringComparison.Ordinal);
        Assert.Empty(KeyWatch.LeaksOf(e));
    }

    [Fact]
    public async Task A_key_that_is_escaped_in_JSON_is_masked_in_a_job_and_its_raw_response()
    {
        _service.Api.Json(FakeService.Job("FAILED", $$""", "error": "{{Escaped}}", "{{Escaped}}": 1, "input": { "prompt": "{{Escaped}}" }, "creditCost": 9.50, "half": "\ud800{{Escaped}}" """));

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, Token);

        Assert.Equal(("afk_***", "afk_***", 9.50m), (job.Error, job.Prompt, job.CreditCost));
        Assert.Empty(KeyWatch.LeaksOf(JsonSerializer.Serialize(job)));
        Assert.Empty(KeyWatch.LeaksOf(job.RawJson!));
        Assert.Contains("9.50", job.RawJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_without_a_key_is_kept_unchanged()
    {
        string answer = FakeService.Job("FAILED", """, "error": "\u0041fk",  "n": 1.50e0 """);
        _service.Api.Json(answer);

        Assert.Equal(answer, (await _service.Client.GetJobAsync(FakeService.JobId, Token)).RawJson);
    }

    [Fact]
    public async Task An_account_contains_only_the_beginning_of_its_key()
    {
        _service.Api.Json($$"""{ "apiKey": { "name": "{{Escaped}}", "prefix": "afk_0123" } }""")
            .Json($$"""{ "apiKey": { "name": "nightly", "prefix": "{{FakeService.Key[..^1]}}" } }""");

        BananaAccount told = await _service.Client.GetAccountAsync(Token);
        BananaAccount toldTooMuch = await _service.Client.GetAccountAsync(Token);

        Assert.Equal(("afk_***", "afk_0123"), (told.ApiKeyName, told.ApiKeyPrefix));
        Assert.Equal("afk_***", toldTooMuch.ApiKeyPrefix);
    }

    [Fact]
    public async Task A_key_at_the_end_of_the_quoted_part_of_a_page_is_not_shown_partially()
    {
        // Several spaces are shortened to one, so text far from the beginning gets into the quotation.
        string page = "<html>" + new string(' ', (16 * 1024) - 6 - 20) + FakeService.Key + "</html>";
        _service.Api.Answer(502, page);

        var e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(FakeService.JobId, Token));

        Assert.DoesNotContain(FakeService.Key[4..12], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_another_library_is_kept_as_text_without_secrets()
    {
        _service.Api.Throw(new HttpRequestException("outer " + FakeService.Key, new IOException($"Sent {FakeService.Key} to http://user:pass@proxy.example.net:8080/x?sig=1")));

        var e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(FakeService.JobId, Token));

        Assert.Null(e.InnerException);
        Assert.EndsWith("Sent afk_*** to http://***@proxy.example.net:8080/x?*** (IOException).", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_in_texts_of_the_service_are_shown_without_signature_and_password()
    {
        const string Quoted = "Cannot fetch 'https://user:word@a.example/1.png?sig=0123'";
        _service.Api.Json($$"""{ "error": "{{Quoted}}", "details": { "image_input": ["{{Quoted}}"] } }""", 400)
            .Json(FakeService.Job("FAILED", $$""", "error": "{{Quoted}}" """));

        var e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(FakeService.Request(), Token));
        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, Token);

        const string Shown = "Cannot fetch 'https://***@a.example/1.png?***'";
        Assert.Equal((Shown, Shown), (job.Error, Assert.Single(e.Details["image_input"])));
        Assert.Contains(Shown, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_an_image_stays_complete_in_its_job()
    {
        _service.Api.Json(FakeService.Completed("\"https://cdn.example.net/1.png?X-Amz-Signature=0123\""));

        Assert.Equal("?X-Amz-Signature=0123", (await _service.Client.GetJobAsync(FakeService.JobId, Token)).ImageUrl!.Query);
    }

    [Theory]
    [InlineData("https://files.example.net/a.png?***")]
    [InlineData("https://***@files.example.net/a.png")]
    [InlineData("https://files.example.net/a.png#***")]
    public void A_reference_with_a_masked_address_is_rejected(string reference)
    {
        var e = Assert.Throws<ApiframeException>(() => (FakeService.Request() with { ReferenceImage = [reference] }).Checked());

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.Contains($"'{reference}' is not a complete URL", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canceled_call_contains_no_exception_of_the_network_stack()
    {
        using var stop = new CancellationTokenSource();
        _service.Api.Do(_ =>
        {
            stop.Cancel();
            return Task.FromException<HttpResponseMessage>(new HttpRequestException(FakeService.Key));
        });

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _service.Client.GetJobAsync(FakeService.JobId, stop.Token));

        Assert.Empty(KeyWatch.LeaksOf(e));
        Assert.Null(e.InnerException);
    }

    [Theory]
    [InlineData(407)]
    [InlineData(502)]
    public async Task The_password_in_the_address_of_a_proxy_is_in_no_error(int status)
    {
        using var server = new RawServer(_ => $"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        // HTTPS_PROXY can contain a password. -Proxy rejects it.
        using var api = new HttpClient(new HttpClientHandler { Proxy = new WebProxy($"http://user:{Password}@127.0.0.1:{server.Port}") });
        var connection = new ApiframeConnection(
            new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0, DownloadTimeout = TimeSpan.Zero }, new Session((api, api), Clock.System, new JobDurations(), new HostGates(Clock.System)));

        var e = await Assert.ThrowsAsync<ApiframeException>(() => new ApiframeClient(connection).GetJobAsync(FakeService.JobId, Token));
        var f = await Assert.ThrowsAsync<ApiframeException>(() => new ImageDownloader(connection).SaveAsync(
            new Uri("https://cdn.example.net/1.png"), SaveTarget.File(Path.Combine(_folder, "1.png")), ExistingFile.Refuse, Token));

        Assert.Contains($"{status}", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, e.ToString() + f, StringComparison.Ordinal);
    }

    private static ApiframeConnection Connection(Uri address) => new(
        new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = address, MaximumRetryCount = 0, DownloadTimeout = TimeSpan.Zero });

    /// <summary>Inserts the key from the head of the request. If the request has no key, inserts its path.</summary>
    private static string Format(string format, string head)
    {
        Assert.Contains(FakeService.Key, head, StringComparison.Ordinal);
        return format.Replace("{0}", FakeService.Key, StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
    }
}
