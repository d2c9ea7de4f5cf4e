using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests local files as reference images, which are checked before a request is sent and uploaded once.</summary>
public sealed class ReferenceTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeService _service = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_local_file_is_uploaded_and_its_address_is_in_the_request()
    {
        _service.Api.Json(Upload("1"), 201).Json(FakeService.Accepted(), 202);

        BananaJob job = await _service.Client.SubmitAsync(Request(File("a.png", Png)), Token);

        Assert.Equal(["/v2/uploads", "/v2/images/generate"], _service.Api.Sent.Select(sent => sent.Url.AbsolutePath));
        Assert.Equal(FakeService.Key, _service.Api.Sent[0].Header("X-API-Key"));
        Assert.StartsWith("multipart/form-data; boundary=", _service.Api.Sent[0].Header("Content-Type"));
        Assert.Contains("name=file", _service.Api.Sent[0].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("a.png", _service.Api.Sent[0].Body, StringComparison.Ordinal);
        Assert.Contains("https://cdn.example.net/1.png", _service.Api.Sent[1].Body, StringComparison.Ordinal);
        Assert.Equal(["https://cdn.example.net/1.png"], job.ReferenceImage!);
    }

    [Fact]
    public async Task A_file_is_uploaded_once_for_any_number_of_prompts()
    {
        _service.Api.Route(sent => sent.Url.AbsolutePath == "/v2/uploads" ? (201, Upload("1")) : (202, FakeService.Accepted()));
        string a = File("a.png", Png);
        string b = File("b.png", Png);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _service.Client.SubmitAsync(Request(a, "https://a.example/1.png", b), Token)));

        Assert.Equal(2, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/uploads"));
        Assert.Equal(10, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/images/generate"));
    }

    [Fact]
    public async Task A_file_is_uploaded_again_shortly_before_its_upload_expires()
    {
        DateTimeOffset end = _service.Clock.UtcNow.AddHours(1);
        _service.Api.Route(sent => sent.Url.AbsolutePath == "/v2/uploads" ? (201, Upload("1", end)) : (202, FakeService.Accepted()));
        string file = File("a.png", Png);

        await _service.Client.SubmitAsync(Request(file), Token);
        await _service.Clock.Delay(TimeSpan.FromMinutes(45), Token);
        await _service.Client.SubmitAsync(Request(file), Token);
        Assert.Equal(1, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/uploads"));

        await _service.Clock.Delay(TimeSpan.FromMinutes(10), Token);
        await _service.Client.SubmitAsync(Request(file), Token);
        Assert.Equal(2, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/uploads"));
    }

    [Theory]
    [InlineData("text.png", 100, "is not a PNG, JPEG, WebP, or GIF file. Its first bytes do not match")]
    [InlineData("empty.png", 0, "is not a PNG, JPEG, WebP, or GIF file. Its first bytes do not match")]
    [InlineData("large.png", 26 * 1024 * 1024, "has a size of 26.0 MB. At most 25 MB")]
    public async Task A_file_that_the_service_does_not_accept_is_rejected_before_a_request_is_sent(string name, int length, string text)
    {
        string file = File(name, name == "large.png" ? [.. Png, .. new byte[length - Png.Length]] : Encoding.ASCII.GetBytes(new string('x', length)));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(Request(file), Token));

        Assert.Equal((ApiframeErrorKind.InvalidRequest, Charge.NotSent), (e.Kind, e.Charge));
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Empty(_service.Api.Sent);
        await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.UploadAsync(file, Token));
    }

    [Fact]
    public async Task A_failed_upload_is_retried_and_its_error_reaches_each_prompt()
    {
        _service.Api.Json("""{ "error": "CDN" }""", 502).Throw(new HttpRequestException("reset")).Json("not json", 201).Json(Upload("1"), 201);
        BananaUpload upload = await _service.Client.UploadAsync(File("a.png", Png), Token);
        Assert.Equal(("https://cdn.example.net/1.png", "image", "image/png", 3), (upload.Url.ToString(), upload.Kind, upload.ContentType, upload.ByteSize));

        var failing = new FakeService();
        failing.Api.Json("""{ "error": "File too large" }""", 400, ("x-request-id", "req_7"));
        string file = File("b.png", Png);
        SubmitRequest[] requests = [FakeService.Request("one") with { ReferenceImage = [file] }, FakeService.Request("two") with { ReferenceImage = [file] }];
        ApiframeException[] errors = await Task.WhenAll(
            requests.Select(request => Assert.ThrowsAsync<ApiframeException>(() => failing.Client.SubmitAsync(request, Token))));

        Assert.Equal(["one", "two"], errors.Select(e => e.Request!.Prompt).Order());
        Assert.All(errors, e => Assert.Equal(
            (ApiframeErrorKind.InvalidRequest, 400, "req_7", Charge.Nothing), (e.Kind, e.StatusCode, e.RequestId, e.Charge)));
    }

    [Fact]
    public async Task With_a_fast_clock_a_file_is_uploaded_once_for_a_prompt()
    {
        _service.Api.Route(sent => sent.Url.AbsolutePath == "/v2/uploads"
            ? (201, Upload("1", _service.Clock.UtcNow.AddHours(-3))) : (202, FakeService.Accepted()));

        await _service.Client.SubmitAsync(Request(File("a.png", Png)), Token);

        Assert.Equal(1, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/uploads"));
    }

    [Fact]
    public async Task The_next_prompt_repeats_a_failed_upload()
    {
        _service.Api.Json("""{ "error": "Invalid API key" }""", 401).Json(Upload("1"), 201).Json(FakeService.Accepted(), 202);
        string file = File("a.png", Png);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(Request(file), Token));
        BananaJob job = await _service.Client.SubmitAsync(Request(file), Token);

        Assert.Equal((ApiframeErrorKind.Authentication, FakeService.JobId), (e.Kind, job.JobId));
    }

    [Fact]
    public async Task Canceling_a_prompt_during_an_upload_does_not_cancel_the_others_with_the_same_file()
    {
        using var cancel = new CancellationTokenSource();
        var uploading = new TaskCompletionSource();
        _service.Api.Do(async token =>
        {
            uploading.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException("unreachable");
        }).Json(Upload("1"), 201).Json(FakeService.Accepted(), 202);
        string file = File("a.png", Png);

        Task<BananaJob> cancelled = _service.Client.SubmitAsync(Request(file), cancel.Token);
        await uploading.Task;
        Task<BananaJob> other = _service.Client.SubmitAsync(Request(file), Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(FakeService.JobId, (await other).JobId);
    }

    [Fact]
    public async Task A_prompt_that_waits_until_its_upload_expires_soon_uploads_again()
    {
        BananaJob job = await SubmitWithWaitAsync(first: (429, """{ "error": "Too many concurrent jobs" }"""));

        Assert.Equal(["https://cdn.example.net/2.png"], job.ReferenceImage!);
        Assert.Equal(2, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/uploads"));
        Assert.Contains("https://cdn.example.net/2.png", _service.Api.Sent[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_that_may_have_been_accepted_is_repeated_with_the_same_upload()
    {
        BananaJob job = await SubmitWithWaitAsync(first: (503, """{ "error": "Down" }"""));

        Assert.Equal(["https://cdn.example.net/1.png"], job.ReferenceImage!);
        Assert.Equal(1, _service.Api.Sent.Count(sent => sent.Url.AbsolutePath == "/v2/uploads"));
    }

    [Fact]
    public async Task A_prompt_that_waits_for_hours_never_submits_an_expired_address()
    {
        DateTimeOffset start = _service.Clock.UtcNow;
        var ends = new List<DateTimeOffset>();
        var left = new List<TimeSpan>();
        _service.Api.Route(sent =>
        {
            if (sent.Url.AbsolutePath == "/v2/uploads")
            {
                ends.Add(_service.Clock.UtcNow.AddHours(1));
                return (201, Upload(ends.Count.ToString(CultureInfo.InvariantCulture), ends[^1]));
            }

            int number = Enumerable.Range(1, ends.Count).Single(one => sent.Body!.Contains($"/{one}.png", StringComparison.Ordinal));
            left.Add(ends[number - 1] - _service.Clock.UtcNow);
            return _service.Clock.UtcNow - start < TimeSpan.FromHours(3) ? (429, """{ "error": "Too many concurrent jobs" }""") : (202, FakeService.Accepted());
        });

        await new ApiframeClient(_service.Connection, rateLimitTimeout: TimeSpan.FromHours(4)).SubmitAsync(Request(File("a.png", Png)), Token);

        Assert.InRange(ends.Count, 3, 5);
        // The rest of the hour must be enough for the job to be queued and started.
        Assert.All(left, time => Assert.InRange(time, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)));
    }

    /// <summary>
    /// Submits with a file whose upload expires after an hour. The first response is the specified one, and then the job limit is reached for 55 minutes.
    /// </summary>
    private async Task<BananaJob> SubmitWithWaitAsync((int Status, string Json) first)
    {
        DateTimeOffset start = _service.Clock.UtcNow;
        int uploads = 0;
        int submissions = 0;
        _service.Api.Route(sent =>
            sent.Url.AbsolutePath == "/v2/uploads" ? (201, Upload((++uploads).ToString(CultureInfo.InvariantCulture), _service.Clock.UtcNow.AddHours(1)))
            : submissions++ == 0 ? first
            : _service.Clock.UtcNow - start < TimeSpan.FromMinutes(55) ? (429, """{ "error": "Too many concurrent jobs" }""")
            : (202, FakeService.Accepted()));
        var client = new ApiframeClient(_service.Connection, rateLimitTimeout: TimeSpan.FromHours(3));
        return await client.SubmitAsync(Request(File("a.png", Png)), Token);
    }

    [Fact]
    public void A_scope_recognizes_a_file_by_its_content()
    {
        string a = File("a.png", Png);
        string same = File("same.png", Png);
        string other = File("other.png", [.. Png, 9]);

        string? Key(string file) => new IdempotencyScope("night").Claim(Request(file)).IdempotencyKey;

        Assert.Equal(Key(a), Key(same));
        Assert.NotEqual(Key(a), Key(other));
        Assert.Equal(a, new IdempotencyScope("night").Claim(Request(a)).ReferenceImage[0]);
    }

    [Fact]
    public void A_file_that_changes_during_a_run_identifies_the_same_image_until_the_run_ends()
    {
        string file = File("a.png", Png);
        var scope = new IdempotencyScope("night");
        var equal = new IdempotencyScope("night");
        (string? First, string? Second) keys = (equal.Claim(Request(file)).IdempotencyKey, equal.Claim(Request(file)).IdempotencyKey);
        string? first = scope.Claim(Request(file)).IdempotencyKey;
        File("a.png", [.. Png, 9]);

        Assert.Equal(keys, (first, scope.Claim(Request(file)).IdempotencyKey));
        Assert.NotEqual(keys.First, new IdempotencyScope("night").Claim(Request(file)).IdempotencyKey);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "url": "file:///etc/passwd" }""")]
    [InlineData("""{ "url": 7 }""")]
    public async Task An_upload_response_without_an_address_is_an_error(string json)
    {
        _service.Api.Json(json, 201);

        Assert.Equal(
            ApiframeErrorKind.InvalidResponse,
            (await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.UploadAsync(File("a.png", Png), Token))).Kind);
    }

    private static string Upload(string name, DateTimeOffset? end = null) => $$"""
        { "id": "5c2b9a7e-0d4f-4a61-b3c8-9e1f2a3b4c5d", "url": "https://cdn.example.net/{{name}}.png", "kind": "image", "contentType": "image/png",
          "byteSize": 3, "expiresAt": "{{(end ?? DateTimeOffset.MaxValue).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}" }
        """;

    private static SubmitRequest Request(params string[] references) => FakeService.Request() with { ReferenceImage = references };

    private string File(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }
}
