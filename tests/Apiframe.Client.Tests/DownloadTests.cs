using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Downloads;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class DownloadTests : IDisposable
{
    private static readonly Uri Url = new("https://cdn.example.net/files/1.png");
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4, 5];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeService _service = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_image_lands_whole_in_a_new_folder_under_the_name_and_its_content_s_extension()
    {
        _service.Downloads.Bytes(Png, "text/plain");

        FileInfo file = await SaveAsync();

        Assert.Equal(Path.Combine(_folder, "kite.png"), file.FullName);
        Assert.Equal(Png, await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken));
        Assert.Equal(file.FullName, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }, ".jpg")]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }, ".png")]
    [InlineData(new byte[] { 0x52, 0x49, 0x46, 0x46, 9, 9, 9, 9, 0x57, 0x45, 0x42, 0x50 }, ".webp")]
    [InlineData(new byte[] { 0x47, 0x49, 0x46, 0x38, 0x39, 0x61 }, ".gif")]
    public async Task The_leading_bytes_tell_the_format(byte[] content, string extension)
    {
        _service.Downloads.Bytes(content, "image/png");

        Assert.Equal(extension, (await SaveAsync()).Extension);
    }

    [Fact]
    public async Task The_image_host_never_gets_the_key()
    {
        _service.Downloads.Bytes(Png, "image/png");

        await SaveAsync();

        SentRequest sent = Assert.Single(_service.Downloads.Sent);
        Assert.DoesNotContain(sent.Headers, header => header.Value.Contains("afk_", StringComparison.Ordinal) || header.Key == "X-API-Key");
        Assert.NotNull(sent.Header("User-Agent"));
    }

    [Fact]
    public async Task A_download_in_trouble_is_tried_again()
    {
        _service.Downloads
            .Throw(new HttpRequestException("reset"))
            .Answer(503, "down")
            .Bytes(Png, "image/png", 200, ("Content-Length", "99"))
            .Answer(200, "<html>try later</html>")
            .Bytes([], "image/png")
            .Bytes(Png, "image/png");

        Assert.Equal(Png.Length, (await SaveAsync()).Length);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_file_shorter_than_announced_is_no_image()
    {
        _service.Downloads.Bytes(Png, "image/png", 200, ("Content-Length", "99"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync());

        Assert.Equal(ApiframeErrorKind.DownloadCorrupt, e.Kind);
        Assert.Contains("announced 99 bytes and sent 13", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(503, ApiframeErrorKind.DownloadFailed, 6)]
    [InlineData(200, ApiframeErrorKind.DownloadCorrupt, 6)]
    [InlineData(403, ApiframeErrorKind.ImageExpired, 1)]
    [InlineData(404, ApiframeErrorKind.ImageExpired, 1)]
    [InlineData(410, ApiframeErrorKind.ImageExpired, 1)]
    public async Task A_download_that_fails_leaves_nothing_behind(int status, ApiframeErrorKind kind, int attempts)
    {
        _service.Downloads.Answer(status, "<html>no image</html>");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync());

        Assert.Equal((kind, status), (e.Kind, e.StatusCode));
        Assert.Equal(attempts, _service.Downloads.Sent.Count);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_a_failure()
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, RequestTimeout = TimeSpan.FromMilliseconds(1), MaximumRetryCount = 0,
        });
        service.Downloads.Hang();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(service));

        Assert.Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Stopping_half_way_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        _service.Downloads.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new StoppingStream(Png, stop)) }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SaveAsync(token: stop.Token));

        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Single(_service.Downloads.Sent);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_if_asked_for()
    {
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "kite.png");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);
        _service.Downloads.Bytes(Png, "image/png");

        await Assert.ThrowsAsync<IOException>(() => SaveAsync());
        Assert.Equal("mine", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        await SaveAsync(overwrite: true);
        Assert.Equal(Png, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_name_that_the_user_chose_is_kept()
    {
        _service.Downloads.Bytes(Png, "image/png");

        FileInfo file = await SaveAsync(target: SaveTarget.File(Path.Combine(_folder, "a[1].jpg")));

        Assert.Equal("a[1].jpg", file.Name);
    }

    [Fact]
    public void A_path_means_a_file_if_it_ends_like_an_image_and_is_no_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder.png"));

        Assert.Equal(
            [true, true, true, false, false, false],
            new[] { "a.png", "a.JPG", "a.jpeg", "a", "a.d", "folder.png" }.Select(name => SaveTarget.IsFilePath(Path.Combine(_folder, name))));
    }

    [Fact]
    public async Task A_file_under_the_name_is_found_whatever_its_format()
    {
        var target = SaveTarget.InFolder(_folder, "kite");
        Assert.Null(target.Existing());
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kite.webp"), "x", TestContext.Current.CancellationToken);

        Assert.Equal("kite.webp", target.Existing()!.Name);
    }

    private Task<FileInfo> SaveAsync(
        FakeService? service = null, SaveTarget? target = null, bool overwrite = false, CancellationToken? token = null)
    {
        FakeService used = service ?? _service;
        return new ImageDownloader(used.Connection, used.Log.Add).SaveAsync(
            Url, target ?? SaveTarget.InFolder(_folder, "kite"), overwrite, token ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Gives its bytes once, then the user presses Ctrl+C.</summary>
    private sealed class StoppingStream(byte[] content, CancellationTokenSource stop) : MemoryStream(content)
    {
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            if (Position > 0)
            {
                stop.Cancel();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return base.ReadAsync(buffer, offset, count, cancellationToken);
        }
    }
}
