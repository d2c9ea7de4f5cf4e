using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests downloads from image hosts that are overloaded or temporarily unavailable.</summary>
public sealed class BusyHostTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeService _service = new();
    private readonly List<TimeSpan> _asked = [];

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(429, "30", 30)]
    [InlineData(503, "30", 30)]
    [InlineData(500, "30", 30)]
    [InlineData(429, "Fri, 20 Nov 2026 09:00:30 GMT", 30)]
    [InlineData(503, "Fri, 20 Nov 2026 09:00:30 GMT", 30)]
    [InlineData(429, "86400", 120)]
    public async Task A_download_is_retried_only_after_the_time_in_Retry_After(int status, string retryAfter, int seconds)
    {
        Refuse(status, retryAfter);
        Send();

        await SaveAsync("kite");

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(seconds)], _asked);
    }

    [Fact]
    public async Task A_connection_limits_the_wait_that_a_host_or_the_service_can_request()
    {
        var hurried = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryAfter = TimeSpan.FromSeconds(7) });
        hurried.Downloads.Answer(503, "busy", headers: ("Retry-After", "30")).Do(_ => Task.FromResult(Image()));
        hurried.Api.Answer(503, "busy", headers: ("Retry-After", "30")).Answer(429, "busy", headers: ("Retry-After", "30")).Json(FakeService.Completed());

        await SaveAsync("kite", new ImageDownloader(hurried.Connection));
        Assert.Equal(TimeSpan.FromSeconds(7), hurried.Clock.Elapsed);

        await hurried.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(21), hurried.Clock.Elapsed);
    }

    [Fact]
    public async Task A_Retry_After_for_one_download_holds_back_all_downloads_from_that_host()
    {
        Refuse(429, "30");
        Send();
        Task<FileInfo>? other = null;

        // The log entry is written before the wait begins, so the second download starts when the host has already asked for a wait.
        await SaveAsync("kite", log: _ => other ??= SaveAsync("lighthouse"));
        await other!;

        Assert.Equal(3, _asked.Count);
        Assert.All(_asked.Skip(1), time => Assert.InRange(time.TotalSeconds, 30, 60));
    }

    [Fact]
    public async Task A_download_with_a_timeout_shorter_than_the_hold_fails_without_a_request()
    {
        var impatient = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, DownloadTimeout = TimeSpan.FromSeconds(10) });
        impatient.Downloads.Answer(429, "busy", headers: ("Retry-After", "30"));
        var downloader = new ImageDownloader(impatient.Connection);
        await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("kite", downloader));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("lighthouse", downloader));

        Assert.Equal((ApiframeErrorKind.DownloadFailed, 429, TimeSpan.FromSeconds(30)), (e.Kind, e.StatusCode, e.RetryAfter));
        Assert.Contains("30 seconds", e.Message, StringComparison.Ordinal);
        Assert.Single(impatient.Downloads.Sent);
    }

    [Fact]
    public async Task A_Retry_After_does_not_hold_back_downloads_from_another_host()
    {
        Refuse(429, "30");
        Send();
        Task<FileInfo>? other = null;

        await SaveAsync("kite", log: _ => other ??= SaveAsync("lighthouse", host: "other.example.net"));
        await other!;

        Assert.Equal(2, _asked.Count(time => time == TimeSpan.Zero));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(408)]
    public async Task A_download_succeeds_after_minutes_of_error_responses(int status)
    {
        _service.Downloads.Do(_ => Task.FromResult(_service.Clock.Elapsed < TimeSpan.FromMinutes(4) ? new HttpResponseMessage((HttpStatusCode)status) : Image()));

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync("kite")).Length);
    }

    [Fact]
    public async Task A_download_succeeds_after_minutes_without_a_connection()
    {
        _service.Downloads.Do(_ => _service.Clock.Elapsed < TimeSpan.FromMinutes(4)
            ? Task.FromException<HttpResponseMessage>(new HttpRequestException("refused"))
            : Task.FromResult(Image()));

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync("kite")).Length);
    }

    [Fact]
    public async Task A_download_fails_at_its_timeout_and_the_error_contains_the_number_of_attempts()
    {
        _service.Downloads.Answer(503, "down");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("kite"));

        Assert.Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
        Assert.Contains($"tried {_service.Downloads.Sent.Count} times", e.Message, StringComparison.Ordinal);
        Assert.InRange(_service.Clock.Elapsed.TotalSeconds, 285, 300);
    }

    [Fact]
    public async Task All_images_of_a_call_share_one_timeout_for_an_outage()
    {
        _service.Downloads.Answer(503, "down");
        var downloader = new ImageDownloader(_service.Connection);
        await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("a", downloader));
        int first = _service.Downloads.Sent.Count;
        _service.Clock.Advance(TimeSpan.FromSeconds(15));

        await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("b", downloader));
        Assert.Equal(first + 1, _service.Downloads.Sent.Count);

        await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("c"));
        Assert.InRange(_service.Downloads.Sent.Count, first + 10, int.MaxValue);
    }

    [Fact]
    public async Task A_host_that_has_sent_an_image_gets_the_full_timeout_again()
    {
        var downloader = new ImageDownloader(_service.Connection);
        _service.Downloads.Do(_ => Task.FromResult(_service.Clock.Elapsed < TimeSpan.FromMinutes(10) ? new HttpResponseMessage((HttpStatusCode)503) : Image()));
        await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync("a", downloader));
        _service.Clock.Advance(TimeSpan.FromMinutes(6));
        await SaveAsync("b", downloader);
        Refuse(503, retryAfter: null);
        Send();

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync("c", downloader)).Length);
    }

    [Fact]
    public async Task A_download_that_breaks_off_repeatedly_is_resumed_after_short_waits()
    {
        for (int i = 0; i < 20; i++)
        {
            int part = i;
            _service.Downloads.Do(_ => Task.FromResult(new HttpResponseMessage(part == 0 ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
            {
                Headers = { ETag = new("\"v1\"") },
                Content = new StreamContent(new BrokenStream(SampleImages.Png[part..(part + 1)]))
                {
                    Headers = { ContentRange = part == 0 ? null : new(part, SampleImages.Png.Length - 1, SampleImages.Png.Length) },
                },
            }));
        }

        Send();
        await SaveAsync("kite");

        Assert.InRange(_service.Clock.Elapsed.TotalSeconds, 5, 10);
    }

    private static HttpResponseMessage Image() => new() { Content = new ByteArrayContent(SampleImages.Png) };

    private void Refuse(int status, string? retryAfter) => _service.Downloads.Do(_ =>
    {
        _asked.Add(_service.Clock.Elapsed);
        var refusal = new HttpResponseMessage((HttpStatusCode)status);
        refusal.Headers.TryAddWithoutValidation("Retry-After", retryAfter ?? string.Empty);
        return Task.FromResult(refusal);
    });

    private void Send() => _service.Downloads.Do(_ =>
    {
        _asked.Add(_service.Clock.Elapsed);
        return Task.FromResult(Image());
    });

    private Task<FileInfo> SaveAsync(string name, ImageDownloader? downloader = null, Action<ApiframeRequestLog>? log = null, string host = "cdn.example.net") =>
        (downloader ?? new ImageDownloader(_service.Connection, log ?? _service.Log.Add)).SaveAsync(
            new Uri($"https://{host}/{name}.png"), SaveTarget.InFolder(_folder, name), ExistingFile.Refuse, TestContext.Current.CancellationToken);
}
