using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests images that are not at their address: not yet, no longer, or at another address.</summary>
public sealed class LateImageTests : IDisposable
{
    private const string Old = "https://cdn.example.net/old.png";
    private const string New = "https://cdn.example.net/new.png";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeService _service = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(404, 30, null)]
    [InlineData(403, 30, null)]
    [InlineData(404, 30, 19 * 3600)]
    [InlineData(404, 240, 5)]
    public async Task A_late_image_is_waited_for(int status, int seconds, int? age)
    {
        TellJob(Old, age);
        AnswerFor(TimeSpan.FromSeconds(seconds), status);

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync()).Length);
        Assert.InRange(_service.Downloads.Sent.Count, 3, 40);
    }

    [Fact]
    public async Task An_image_that_stays_missing_can_be_saved_later_and_is_not_reported_as_expired()
    {
        TellJob(Old, age: 3600);
        _service.Downloads.Answer(404, "no such file");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync());

        Assert.Equal((ApiframeErrorKind.DownloadFailed, 404, FakeService.JobId), (e.Kind, e.StatusCode, e.Job?.JobId));
        Assert.Contains("404", e.Message, StringComparison.Ordinal);
        Assert.InRange(_service.Clock.Elapsed.TotalSeconds, 30, 60);
    }

    [Fact]
    public async Task An_image_without_a_job_is_waited_for()
    {
        AnswerFor(TimeSpan.FromSeconds(30), 404);

        Assert.Equal(SampleImages.Png.Length, (await SaveUrlAsync()).Length);
    }

    [Fact]
    public async Task An_address_without_an_image_fails_after_a_minute_and_is_not_reported_as_expired()
    {
        _service.Downloads.Answer(404, "no such file");

        Assert.Equal(ApiframeErrorKind.DownloadFailed, (await Assert.ThrowsAsync<ApiframeException>(SaveUrlAsync)).Kind);
        Assert.InRange(_service.Clock.Elapsed.TotalSeconds, 30, 60);
        Assert.Empty(_service.Api.Sent);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(400)]
    [InlineData(410)]
    public async Task An_image_is_downloaded_from_the_current_address_of_its_job(int status)
    {
        TellJob(Old).TellAgain(New);
        _service.Downloads.Answer(status, "signature expired").Bytes(SampleImages.Png, "image/png");

        await SaveAsync();

        Assert.Equal(["/old.png", "/new.png"], _service.Downloads.Sent.Select(sent => sent.Url.AbsolutePath));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task An_old_image_whose_signature_expired_is_saved_from_its_newer_address(int status)
    {
        TellJob(Old, age: 21 * 3600).TellAgain(New, age: 21 * 3600);
        _service.Downloads.Answer(status, "signature expired").Bytes(SampleImages.Png, "image/png");

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync()).Length);
    }

    [Fact]
    public async Task Parts_of_an_image_from_different_addresses_are_not_combined()
    {
        TellJob(Old).TellAgain(New);
        _service.Downloads
            .Do(_ => Task.FromResult(Cut(SampleImages.Png[..20])))
            .Answer(404, "no such file")
            .Bytes(SampleImages.Png, "image/png");

        await SaveAsync();

        Assert.Equal([null, "bytes=20-", null], _service.Downloads.Sent.Select(sent => sent.Header("Range")));
    }

    [Theory]
    [InlineData(404, 20 * 3600 + 1)]
    [InlineData(403, 20 * 3600 + 1)]
    [InlineData(410, 5)]
    [InlineData(410, null)]
    public async Task An_old_or_deleted_image_is_expired_after_its_job_was_requested(int status, int? age)
    {
        TellJob(Old, age).TellAgain(Old, age);
        _service.Downloads.Answer(status, "gone");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync());

        Assert.Equal((ApiframeErrorKind.ImageExpired, status), (e.Kind, e.StatusCode));
        Assert.Equal((2, 1), (_service.Api.Sent.Count, _service.Downloads.Sent.Count));
    }

    [Fact]
    public async Task An_image_that_the_service_reports_as_deleted_is_expired()
    {
        TellJob(Old);
        _service.Api.Json(FakeService.Job("COMPLETED", $$""", "expired": true, "result": "{{Old}}" """));
        _service.Downloads.Answer(404, "no such file");

        Assert.Equal(ApiframeErrorKind.ImageExpired, (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync())).Kind);
        Assert.Equal((2, 2), (_service.Api.Sent.Count, _service.Downloads.Sent.Count));
    }

    [Fact]
    public async Task A_deleted_image_is_not_expired_while_its_job_cannot_be_requested()
    {
        TellJob(Old, age: 21 * 3600);
        _service.Api.Answer(503, "down");
        _service.Downloads.Answer(404, "no such file");

        Assert.Equal(ApiframeErrorKind.DownloadFailed, (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync())).Kind);
    }

    [Fact]
    public async Task A_download_fails_after_several_new_addresses_without_an_image()
    {
        TellJob(Old, age: 21 * 3600);
        int asked = 0;
        _service.Api.Route(_ => (200, JobAt($"https://cdn.example.net/{asked++}.png", 21 * 3600)));
        _service.Downloads.Answer(410, "gone");

        Assert.Equal(ApiframeErrorKind.ImageExpired, (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync())).Kind);
        Assert.Equal(3, _service.Downloads.Sent.Count);
    }

    [Fact]
    public async Task A_service_that_is_unavailable_does_not_end_the_download()
    {
        TellJob(Old);
        _service.Api.Answer(503, "down").Answer(401, "no").Json(FakeService.Job("PROCESSING"));
        AnswerFor(TimeSpan.FromSeconds(30), 404);

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync()).Length);
    }

    private LateImageTests TellJob(string url, int? age = null) => TellAgain(url, age);

    private LateImageTests TellAgain(string url, int? age = null)
    {
        _service.Api.Json(JobAt(url, age));
        return this;
    }

    private string JobAt(string url, int? age) => FakeService.Job(
        "COMPLETED",
        $$""", "result": "{{url}}" """ + (age is null ? string.Empty
            : $$""", "completedAt": "{{(_service.Clock.UtcNow - TimeSpan.FromSeconds(age.Value)).ToString("O", CultureInfo.InvariantCulture)}}" """));

    /// <summary>The host returns the image only after a certain time.</summary>
    private void AnswerFor(TimeSpan time, int status) => _service.Downloads.Do(_ => Task.FromResult(_service.Clock.Elapsed < time
        ? new HttpResponseMessage((HttpStatusCode)status)
        : new HttpResponseMessage { Content = new ByteArrayContent(SampleImages.Png) }));

    private static HttpResponseMessage Cut(byte[] start) => new()
    {
        Content = new StreamContent(new BrokenStream(start)),
        Headers = { ETag = new("\"v1\"") },
    };

    private async Task<FileInfo> SaveAsync()
    {
        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);
        return await new ImageDownloader(_service.Connection, _service.Log.Add).SaveAsync(
            job, 0, SaveTarget.InFolder(_folder, "kite"), ExistingFile.Refuse, TestContext.Current.CancellationToken);
    }

    private Task<FileInfo> SaveUrlAsync() => new ImageDownloader(_service.Connection, _service.Log.Add).SaveAsync(
        new Uri(Old), SaveTarget.InFolder(_folder, "kite"), ExistingFile.Refuse, TestContext.Current.CancellationToken);
}
