using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using SkiaSharp;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class DownloadTests : IDisposable
{
    private readonly TestEmulator _test = new();

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("jpg", "image/jpeg", SKEncodedImageFormat.Jpeg)]
    [InlineData("png", "image/png", SKEncodedImageFormat.Png)]
    [InlineData("webp", "image/webp", SKEncodedImageFormat.Webp)]
    public async Task Returns_a_real_image_in_the_requested_format(string format, string mediaType, SKEncodedImageFormat encoded)
    {
        var url = await _test.CompletedFileAsync("output_format", format);

        using var response = await DownloadAsync(url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.ToString());
        var file = await BytesAsync(response);
        Assert.Equal(file.Length, response.Content.Headers.ContentLength);
        using var codec = SKCodec.Create(new SKMemoryStream(file));
        Assert.Equal((encoded, 1024, 1024), (codec.EncodedFormat, codec.Info.Width, codec.Info.Height));
    }

    [Theory]
    [InlineData("resolution", "512px", 512, 512)]
    [InlineData("resolution", "4K", 4096, 4096)]
    [InlineData("aspect_ratio", "16:9", 1360, 768)]
    public async Task Returns_the_requested_size_in_pixels(string parameter, string value, int width, int height)
    {
        using var response = await DownloadAsync(await _test.CompletedFileAsync(parameter, value));

        using var codec = SKCodec.Create(new SKMemoryStream(await BytesAsync(response)));
        Assert.Equal((width, height), (codec.Info.Width, codec.Info.Height));
    }

    [Fact]
    public async Task Each_job_always_returns_its_own_image()
    {
        var urls = new string[12];
        for (var i = 0; i < urls.Length; i++)
        {
            urls[i] = await _test.CompletedFileAsync("resolution", "512px");
        }

        var first = await Task.WhenAll(urls.Select(FileAsync));
        var again = await Task.WhenAll(urls.Select(FileAsync));

        Assert.Equal(first, again);
        Assert.Equal(urls.Length, first.Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public async Task A_job_has_no_file_before_it_completes()
    {
        var id = await _test.SubmitAsync();
        using var early = await DownloadAsync($"/files/{id}-1.jpg");

        _test.Clock.Advance(10);
        using var late = await DownloadAsync($"/files/{id}-1.jpg");
        using var otherFormat = await DownloadAsync($"/files/{id}-1.png");
        using var otherNumber = await DownloadAsync($"/files/{id}-2.jpg");
        using var noName = await DownloadAsync("/files/");

        Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, otherFormat.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, otherNumber.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, noName.StatusCode);
    }

    [Fact]
    public async Task An_image_expires_after_its_lifetime_from_the_end_of_the_job()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions
        {
            ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0, ImageLifetime = TimeSpan.FromMinutes(1),
        });
        var url = await test.CompletedFileAsync("resolution", "512px");
        test.Clock.Advance(59.999);
        var before = await SeenAsync();

        test.Clock.Advance(0.001);
        var after = await SeenAsync();

        Assert.Equal((HttpStatusCode.OK, false, url), before);
        Assert.Equal((HttpStatusCode.Gone, true, url), after);
        var edited = await test.SubmitWithAsync("image_input", url);
        test.Clock.Advance(10);
        Assert.Equal("The input image could not be fetched: " + url, TestEmulator.Text(await test.JobAsync(edited), "error"));

        async Task<(HttpStatusCode, bool, string)> SeenAsync()
        {
            using var response = await test.Anonymous.GetAsync(url, TestContext.Current.CancellationToken);
            var listed = (await test.GetJsonAsync("/v2/jobs"))["jobs"]![0]!;
            var job = await test.JobAsync(TestEmulator.Text(listed, "id"));
            Assert.Equal((bool)listed["expired"]!, (bool)job["expired"]!);
            return (response.StatusCode, (bool)job["expired"]!, (string)job["result"]!["images"]![0]!);
        }
    }

    [Fact]
    public async Task An_image_does_not_expire_by_default()
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");
        _test.Clock.Advance(1e9);

        using var response = await DownloadAsync(url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_failed_job_has_no_file()
    {
        using var failing = new TestEmulator(TestEmulator.Options(failureRate: 1));
        var id = await failing.SubmitAsync();
        failing.Clock.Advance(10);

        using var response = await failing.Anonymous.GetAsync($"/files/{id}-1.jpg", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Counts_image_requests_with_a_key()
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");
        (await DownloadAsync(url)).Dispose();
        var before = _test.Emulator.Counts.KeysSentToDownloads;

        (await _test.GetAsync(url)).Dispose();

        Assert.Equal(0, before);
        Assert.Equal(1, _test.Emulator.Counts.KeysSentToDownloads);
    }

    [Theory]
    [InlineData("bytes=0-", 0, -1)]
    [InlineData("bytes=100-", 100, -1)]
    [InlineData("bytes=100-199", 100, 199)]
    [InlineData("bytes=0-0", 0, 0)]
    [InlineData("bytes=100-99999999", 100, -1)]
    public async Task Returns_the_requested_range(string range, int first, int last)
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");
        var file = await FileAsync(url);
        last = last < 0 ? file.Length - 1 : last;

        using var part = await DownloadAsync(url, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal($"bytes {first}-{last}/{file.Length}", part.Content.Headers.ContentRange?.ToString());
        Assert.Equal(file[first..(last + 1)], await BytesAsync(part));
    }

    [Fact]
    public async Task Returns_the_last_bytes_for_a_suffix_range()
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");

        using var part = await DownloadAsync(url, ("Range", "bytes=-10"));

        Assert.Equal((await FileAsync(url))[^10..], await BytesAsync(part));
    }

    [Fact]
    public async Task Rejects_a_range_outside_the_file_and_returns_its_length()
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");
        var length = (await FileAsync(url)).Length;

        using var response = await DownloadAsync(url, ("Range", $"bytes={length}-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal($"bytes */{length}", response.Content.Headers.ContentRange?.ToString());
    }

    [Theory]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=-")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("lines=0-1")]
    public async Task Returns_the_complete_file_for_a_range_that_is_not_valid(string range)
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");

        using var response = await DownloadAsync(url, ("Range", range));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(await FileAsync(url), await BytesAsync(response));
    }

    [Fact]
    public async Task Returns_a_range_only_if_If_Range_matches_the_file()
    {
        var url = await _test.CompletedFileAsync("resolution", "512px");
        using var whole = await DownloadAsync(url);
        Assert.False(whole.Headers.ETag!.IsWeak);
        Assert.Equal("bytes", Assert.Single(whole.Headers.AcceptRanges));
        var modified = whole.Content.Headers.LastModified!.Value.ToString("R");

        using var sameTag = await DownloadAsync(url, ("Range", "bytes=10-"), ("If-Range", whole.Headers.ETag.Tag));
        using var sameTime = await DownloadAsync(url, ("Range", "bytes=10-"), ("If-Range", modified));
        using var otherTag = await DownloadAsync(url, ("Range", "bytes=10-"), ("If-Range", "\"other\""));

        Assert.Equal(HttpStatusCode.PartialContent, sameTag.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, sameTime.StatusCode);
        Assert.Equal(HttpStatusCode.OK, otherTag.StatusCode);
        Assert.Equal(whole.Headers.ETag, sameTag.Headers.ETag);
    }

    private async Task<HttpResponseMessage> DownloadAsync(string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await _test.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<byte[]> BytesAsync(HttpResponseMessage response) =>
        response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    private async Task<byte[]> FileAsync(string url)
    {
        using var response = await DownloadAsync(url);
        return await BytesAsync(response);
    }

    [Fact]
    public async Task A_file_is_padded_to_the_minimum_size()
    {
        using var test = new TestEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey, GenerationTimeSec = 10, GenerationTimeSpread = 0, ImageBytes = 1_000_000 });
        var file = await test.CompletedFileAsync("resolution", "512px");

        var bytes = await test.Anonymous.GetByteArrayAsync(file, TestContext.Current.CancellationToken);

        Assert.Equal(1_000_000, bytes.Length);
    }
}
