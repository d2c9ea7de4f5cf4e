using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class UploadTests : IDisposable
{
    private const int MaxBytes = 25 * 1024 * 1024;

    private readonly TestEmulator _test = new(With());

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("png", "png", "image/png")]
    [InlineData("jpg", "jpg", "image/jpeg")]
    [InlineData("gif87", "gif", "image/gif")]
    [InlineData("gif89", "gif", "image/gif")]
    [InlineData("webp", "webp", "image/webp")]
    public async Task Recognizes_an_image_by_its_first_bytes_and_returns_it_unchanged(string kind, string extension, string mediaType)
    {
        var file = TestFiles.Of(kind);

        var upload = await _test.UploadAsync(file);

        var id = TestEmulator.Text(upload, "id");
        Assert.True(Guid.TryParseExact(id, "D", out _));
        var url = $"{_test.Emulator.BaseUri}files/uploads/{id}.{extension}";
        Assert.True(JsonNode.DeepEquals(
            upload,
            JsonNode.Parse($$"""
                {
                  "id": "{{id}}", "url": "{{url}}", "kind": "image", "contentType": "{{mediaType}}", "byteSize": {{file.Length}},
                  "expiresAt": "2026-11-20T09:16:02.117Z"
                }
                """)),
            upload.ToJsonString());
        using var response = await DownloadAsync(url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(file, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_upload_is_not_found_from_the_time_it_expires()
    {
        var url = TestEmulator.Text(await _test.UploadAsync(TestFiles.Png), "url");

        _test.Clock.Advance(119.999);
        using var before = await DownloadAsync(url);
        _test.Clock.Advance(0.001);
        using var at = await DownloadAsync(url);
        await _test.UploadAsync(TestFiles.Png);
        using var afterAnother = await DownloadAsync(url);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await TestEmulator.AssertErrorAsync(at, HttpStatusCode.Gone, "Gone");
        await TestEmulator.AssertErrorAsync(afterAnother, HttpStatusCode.Gone, "Gone");
    }

    [Fact]
    public async Task An_upload_is_stored_for_an_hour_by_default()
    {
        using var test = new TestEmulator();

        Assert.Equal("2026-11-20T10:14:02.117Z", TestEmulator.Text(await test.UploadAsync(TestFiles.Png), "expiresAt"));
    }

    [Fact]
    public async Task An_upload_with_a_lifetime_of_zero_expires_at_once()
    {
        using var test = new TestEmulator(With(lifetimeSec: 0));
        using var response = await DownloadAsync(TestEmulator.Text(await test.UploadAsync(TestFiles.Png), "url"));

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Fact]
    public async Task A_part_of_an_upload_can_be_requested()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, TestEmulator.Text(await _test.UploadAsync(TestFiles.Png), "url"));
        request.Headers.Range = new RangeHeaderValue(1, 3);

        using var response = await _test.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("PNG", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90.png")]
    [InlineData("x.png")]
    [InlineData("")]
    public async Task Returns_404_for_unknown_files(string name)
    {
        using var response = await DownloadAsync("/files/uploads/" + name);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.NotFound, "Not found");
    }

    [Fact]
    public async Task An_upload_is_found_only_under_its_own_extension()
    {
        var url = TestEmulator.Text(await _test.UploadAsync(TestFiles.Png), "url");

        using var response = await DownloadAsync(url.Replace(".png", ".jpg", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("wav")]
    [InlineData("riff")]
    [InlineData("text")]
    [InlineData("empty")]
    public async Task A_file_that_is_not_an_image_is_rejected(string kind)
    {
        using var response = await _test.PostFormAsync(("file", TestFiles.Of(kind)));

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.BadRequest, "Unsupported file type");
    }

    [Fact]
    public async Task Accepts_at_most_25_MB()
    {
        var largest = await _test.UploadAsync(TestFiles.PngOf(MaxBytes));
        using var tooLarge = await _test.PostFormAsync(("file", TestFiles.PngOf(MaxBytes + 1)));

        Assert.Equal(MaxBytes, (int)largest["byteSize"]!);
        await TestEmulator.AssertErrorAsync(tooLarge, HttpStatusCode.BadRequest, "The file is larger than 25 MB");
    }

    [Theory]
    [InlineData("Only one file can be sent at a time", "file", "file")]
    [InlineData("The form must contain only the field 'file'", "file", "note")]
    [InlineData("The form must contain only the field 'file'", "File")]
    public async Task Accepts_exactly_one_field_that_is_named_file(string error, params string[] fields)
    {
        using var response = await _test.PostFormAsync([.. fields.Select(name => (name, TestFiles.Png))]);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.BadRequest, error);
    }

    [Theory]
    [InlineData("--x--\r\n", "multipart/form-data; boundary=x", "No file was sent")]
    [InlineData("{}", "application/json", "The body must be multipart/form-data")]
    [InlineData("--x\r\n", "multipart/form-data; boundary=x", "The body must be multipart/form-data")]
    public async Task Rejects_a_body_without_a_file(string body, string contentType, string error)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var response = await _test.Client.PostAsync("/v2/uploads", content, TestContext.Current.CancellationToken);

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.BadRequest, error);
    }

    [Fact]
    public async Task Counts_accepted_and_rejected_uploads_and_applies_the_rate_limit()
    {
        using var test = new TestEmulator(With(requestsPerMinute: 2));
        await test.UploadAsync(TestFiles.Png);
        (await test.PostFormAsync(("file", []))).Dispose();

        using var response = await test.PostFormAsync(("file", TestFiles.Png));

        await TestEmulator.AssertErrorAsync(response, HttpStatusCode.TooManyRequests, "Too many requests");
        var counts = test.Emulator.Counts;
        Assert.Equal((3, 3, 0, 2), (counts.Requests, counts.Uploads, counts.OtherRequests, counts.Refusals));
    }

    private static BananaEmulatorOptions With(double lifetimeSec = 120, int requestsPerMinute = 0) =>
        new() { ApiKey = TestEmulator.ApiKey, UploadLifetimeSec = lifetimeSec, RequestsPerMinute = requestsPerMinute };

    private Task<HttpResponseMessage> DownloadAsync(string url) => _test.Anonymous.GetAsync(url, TestContext.Current.CancellationToken);
}
