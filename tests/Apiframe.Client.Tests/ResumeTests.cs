using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class ResumeTests : IDisposable
{
    private static readonly byte[] Image = SampleImages.JpegOf([.. Enumerable.Range(0, 150_000).Select(i => (byte)(i % 251))]);

    /// <summary>Another image of the same length. Only its entity tag or its time distinguishes it from the first one.</summary>
    private static readonly byte[] Other = SampleImages.JpegOf([.. Enumerable.Range(0, 150_000).Select(i => (byte)(i % 241))]);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeService _service = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ETag", "\"v1\"")]
    [InlineData("Last-Modified", "Fri, 20 Nov 2026 09:14:15 GMT")]
    public async Task A_repeated_download_requests_the_rest_of_the_same_file(string validator, string value)
    {
        Cut(at: 100_000, (validator, value));
        Rest(from: 100_000, headers: (validator, value));

        Assert.Equal(Image, await SavedAsync());

        Assert.Equal([null, "bytes=100000-"], Sent("Range"));
        Assert.Equal([null, value], Sent("If-Range"));
    }

    [Fact]
    public async Task A_download_that_breaks_off_repeatedly_still_grows()
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        Rest(from: 100_000, until: 200_000, headers: ("ETag", "\"v1\""));
        Rest(from: 200_000, until: 300_000, headers: ("ETag", "\"v1\""));
        Rest(from: 300_000, headers: ("ETag", "\"v1\""));

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, "bytes=100000-", "bytes=200000-", "bytes=300000-"], Sent("Range"));
    }

    [Fact]
    public async Task A_partial_response_can_omit_its_modification_time()
    {
        Cut(at: 100_000, ("Last-Modified", "Fri, 20 Nov 2026 09:14:15 GMT"));
        Rest(from: 100_000);

        Assert.Equal(Image, await SavedAsync());
    }

    [Theory]
    [InlineData("ETag", "\"v1\"", "ETag", "\"v2\"")]
    [InlineData("ETag", "\"v1\"", "ETag", "W/\"v1\"")]
    [InlineData("ETag", "\"v1\"", "X-Nothing", "x")]
    [InlineData("Last-Modified", "Fri, 20 Nov 2026 09:14:15 GMT", "Last-Modified", "Fri, 20 Nov 2026 09:14:16 GMT")]
    [InlineData("Last-Modified", "Fri, 20 Nov 2026 09:14:15 GMT", "ETag", "\"v2\"")]
    public async Task A_part_that_may_belong_to_another_file_is_discarded_and_the_download_starts_again(string first, string value, string second, string other)
    {
        Cut(at: 100_000, (first, value));
        Rest(from: 100_000, image: Other, headers: (second, other));
        _service.Downloads.Bytes(Other, "image/jpeg");

        Assert.Equal(Other, await SavedAsync());
        Assert.Equal([null, "bytes=100000-", null], Sent("Range"));
    }

    [Fact]
    public async Task A_part_of_a_file_of_another_length_is_discarded_and_the_download_starts_again()
    {
        byte[] longer = SampleImages.JpegOf(new byte[200_000]);
        Cut(at: 100_000, ("ETag", "\"v1\""), ("Content-Length", $"{Image.Length}"));
        Rest(from: 100_000, image: longer, headers: ("ETag", "\"v1\""));
        _service.Downloads.Bytes(longer, "image/jpeg");

        Assert.Equal(longer, await SavedAsync());
    }

    [Theory]
    [InlineData("ETag", "W/\"v1\"")]
    [InlineData("X-Nothing", "x")]
    public async Task Without_a_strong_validator_the_download_starts_again(string header, string value)
    {
        Cut(at: 100_000, (header, value));
        _service.Downloads.Bytes(Image, "image/jpeg");

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, null], Sent("Range"));
    }

    [Fact]
    public async Task A_complete_file_instead_of_the_rest_is_accepted()
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Bytes(Image, "image/jpeg", 200, ("ETag", "\"v2\""));

        Assert.Equal(Image, await SavedAsync());
    }

    [Theory]
    [InlineData(206)]
    [InlineData(416)]
    public async Task After_a_wrong_or_rejected_part_the_complete_file_is_requested(int status)
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Bytes(Image[..50], "image/jpeg", status, ("Content-Range", $"bytes 0-49/{Image.Length}")).Bytes(Image, "image/jpeg");

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, "bytes=100000-", null], Sent("Range"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(404)]
    public async Task A_downloaded_part_is_kept_when_the_rest_is_rejected(int status)
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Answer(status, "not now");
        Rest(from: 100_000, headers: ("ETag", "\"v1\""));

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, "bytes=100000-", "bytes=100000-"], Sent("Range"));
    }

    [Fact]
    public async Task A_damaged_part_is_not_continued()
    {
        _service.Downloads.Bytes(Image[..^1], "image/jpeg", 200, ("ETag", "\"v1\"")).Bytes(Image, "image/jpeg", 200, ("ETag", "\"v1\""));

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, null], Sent("Range"));
    }

    [Fact]
    public async Task The_parts_together_must_have_the_announced_length()
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Bytes(
            [.. Image[100_000..], 0], "image/jpeg", 206, ("Content-Range", $"bytes 100000-{Image.Length - 1}/{Image.Length}"), ("ETag", "\"v1\"")).Bytes(Image, "image/jpeg");

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal(3, _service.Downloads.Sent.Count);
    }

    [Fact]
    public async Task A_host_that_sends_almost_no_data_makes_the_download_fail()
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, RequestTimeout = TimeSpan.FromMilliseconds(30), DownloadTimeout = TimeSpan.Zero,
        });
        service.Downloads.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new DrippingStream()) }));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(service));

        Assert.Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
        Assert.Contains("no data, or almost none", e.Message, StringComparison.Ordinal);
        Assert.Single(service.Downloads.Sent);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private void Cut(int at, params (string Name, string Value)[] headers) => Answer(HttpStatusCode.OK, new BrokenStream(Image[..at]), headers);

    private void Rest(int from, int? until = null, byte[]? image = null, params (string Name, string Value)[] headers)
    {
        byte[] whole = image ?? Image;
        Answer(
            HttpStatusCode.PartialContent,
            until is { } end ? new BrokenStream(whole[from..end]) : new MemoryStream(whole[from..]),
            [.. headers, ("Content-Range", $"bytes {from}-{whole.Length - 1}/{whole.Length}")]);
    }

    private void Answer(HttpStatusCode status, Stream body, params (string Name, string Value)[] headers) => _service.Downloads.Do(_ =>
    {
        var response = new HttpResponseMessage(status) { Content = new StreamContent(body) };
        foreach ((string name, string value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Task.FromResult(response);
    });

    private IEnumerable<string?> Sent(string header) => _service.Downloads.Sent.Select(sent => sent.Header(header));

    private async Task<byte[]> SavedAsync()
    {
        FileInfo file = await SaveAsync(_service);
        Assert.Equal(file.FullName, Assert.Single(Directory.GetFiles(_folder)));
        return await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken);
    }

    private Task<FileInfo> SaveAsync(FakeService service) => new ImageDownloader(service.Connection, service.Log.Add).SaveAsync(
        new Uri("https://cdn.example.net/1.jpg"), SaveTarget.InFolder(_folder, "kite"), ExistingFile.Refuse, TestContext.Current.CancellationToken);

    /// <summary>An endless stream that returns one byte for each millisecond.</summary>
    private sealed class DrippingStream : MemoryStream
    {
        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            buffer[offset] = 0xFF;
            return 1;
        }
    }
}
