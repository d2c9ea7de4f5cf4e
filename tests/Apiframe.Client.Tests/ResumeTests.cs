using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Downloads;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Downloads that break off and go on where they were.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly byte[] Image =
        [0xFF, 0xD8, 0xFF, .. Enumerable.Range(0, 300_000).Select(i => (byte)(i % 251)), 0xFF, 0xD9];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeService _service = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ETag", "\"v1\"")]
    [InlineData("Last-Modified", "Fri, 20 Nov 2026 09:14:15 GMT")]
    public async Task A_repeat_asks_for_the_rest_of_the_same_file(string validator, string value)
    {
        Cut(at: 100_000, (validator, value));
        Rest(from: 100_000);

        Assert.Equal(Image, await SavedAsync());

        Assert.Equal([null, "bytes=100000-"], Sent("Range"));
        Assert.Equal([null, value], Sent("If-Range"));
    }

    [Fact]
    public async Task A_file_that_breaks_off_again_and_again_still_grows()
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        Rest(from: 100_000, until: 200_000);
        Rest(from: 200_000, until: 300_000);
        Rest(from: 300_000);

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, "bytes=100000-", "bytes=200000-", "bytes=300000-"], Sent("Range"));
    }

    [Theory]
    [InlineData("ETag", "W/\"v1\"")]
    [InlineData("X-Nothing", "x")]
    public async Task Without_a_strong_validator_the_repeat_starts_anew(string header, string value)
    {
        Cut(at: 100_000, (header, value));
        _service.Downloads.Bytes(Image, "image/jpeg");

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, null], Sent("Range"));
    }

    [Fact]
    public async Task A_host_that_sends_the_whole_file_again_is_taken_at_its_word()
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Bytes(Image, "image/jpeg", 200, ("ETag", "\"v2\""));

        Assert.Equal(Image, await SavedAsync());
    }

    [Theory]
    [InlineData(206)]
    [InlineData(416)]
    [InlineData(503)]
    public async Task A_host_that_answers_the_wrong_part_or_none_is_asked_for_the_whole_file(int status)
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Bytes(Image[..50], "image/jpeg", status, ("Content-Range", $"bytes 0-49/{Image.Length}")).Bytes(Image, "image/jpeg");

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, "bytes=100000-", null], Sent("Range"));
    }

    [Fact]
    public async Task A_part_that_was_bad_is_not_built_upon()
    {
        _service.Downloads.Bytes(Image[..^1], "image/jpeg", 200, ("ETag", "\"v1\"")).Bytes(Image, "image/jpeg", 200, ("ETag", "\"v1\""));

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal([null, null], Sent("Range"));
    }

    [Fact]
    public async Task The_rest_must_be_as_long_as_the_whole_was_announced()
    {
        Cut(at: 100_000, ("ETag", "\"v1\""));
        _service.Downloads.Bytes(
            [.. Image[100_000..], 0], "image/jpeg", 206, ("Content-Range", $"bytes 100000-{Image.Length - 1}/{Image.Length}")).Bytes(Image, "image/jpeg");

        Assert.Equal(Image, await SavedAsync());
        Assert.Equal(3, _service.Downloads.Sent.Count);
    }

    [Fact]
    public async Task A_host_that_lets_a_byte_fall_now_and_then_does_not_hold_anybody_up()
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, RequestTimeout = TimeSpan.FromMilliseconds(30), MaximumRetryCount = 1,
        });
        service.Downloads.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new DrippingStream()) }));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(service));

        Assert.Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
        Assert.Contains("next to nothing", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, service.Downloads.Sent.Count);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private void Cut(int at, (string Name, string Value) header) => _service.Downloads.Do(_ =>
    {
        var response = new HttpResponseMessage { Content = new StreamContent(new BrokenStream(Image[..at])) };
        if (!response.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            response.Content.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return Task.FromResult(response);
    });

    private void Rest(int from, int? until = null) => _service.Downloads.Do(_ =>
    {
        var response = new HttpResponseMessage(HttpStatusCode.PartialContent)
        {
            Content = new StreamContent(until is { } end ? new BrokenStream(Image[from..end]) : new MemoryStream(Image[from..])),
        };
        response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, Image.Length - 1, Image.Length);
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

    /// <summary>Gives its bytes, then the connection is reset.</summary>
    private sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Position < Length
            ? base.ReadAsync(buffer, offset, count, cancellationToken)
            : Task.FromException<int>(new IOException("reset"));
    }

    /// <summary>A byte a millisecond, for ever.</summary>
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
