using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class DownloadTests : IDisposable
{
    private static readonly Uri Url = new("https://cdn.example.net/files/1.png");
    private static readonly byte[] Png = SampleImages.Png;
    private static readonly byte[] Theirs = SampleImages.PngOf([9]);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly FakeService _service = new();

    public static TheoryData<byte[]> NoWholeImages => new() { Array.Empty<byte>(), new byte[1000], Png[..^1], "mine"u8.ToArray() };

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_image_is_saved_in_a_new_folder_with_the_name_and_the_extension_of_its_content()
    {
        _service.Downloads.Bytes(Png, "text/plain");

        FileInfo file = await SaveAsync();

        Assert.Equal(Path.Combine(_folder, "kite.png"), file.FullName);
        Assert.Equal(Png, await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken));
        Assert.Equal(file.FullName, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".gif")]
    public async Task The_content_and_not_the_declared_type_decides_the_extension(string extension)
    {
        _service.Downloads.Bytes(SampleImages.ByExtension[extension], "image/tiff");

        Assert.Equal(extension, (await SaveAsync()).Extension);
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    [InlineData(".gif")]
    public async Task A_file_without_its_end_marker_is_not_saved_even_if_its_length_is_as_announced(string extension)
    {
        _service.Downloads.Bytes(SampleImages.ByExtension[extension][..^1], "image/png");

        Assert.Equal(ApiframeErrorKind.DownloadCorrupt, (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync())).Kind);
        Assert.Empty(Directory.GetFiles(_folder));
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
    public async Task A_failed_download_is_retried()
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
    public async Task A_file_shorter_than_announced_is_not_an_image()
    {
        _service.Downloads.Bytes(Png, "image/png", 200, ("Content-Length", "99"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync());

        Assert.Equal(ApiframeErrorKind.DownloadCorrupt, e.Kind);
        Assert.Contains($"specified a length of 99 bytes but sent {Png.Length} bytes", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(503, ApiframeErrorKind.DownloadFailed)]
    [InlineData(200, ApiframeErrorKind.DownloadCorrupt)]
    [InlineData(403, ApiframeErrorKind.DownloadFailed)]
    [InlineData(404, ApiframeErrorKind.DownloadFailed)]
    [InlineData(410, ApiframeErrorKind.ImageExpired)]
    public async Task A_failed_download_leaves_no_file(int status, ApiframeErrorKind kind)
    {
        _service.Downloads.Answer(status, "<html>no image</html>");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync());

        Assert.Equal((kind, status), (e.Kind, e.StatusCode));
        Assert.Equal(status == 410, _service.Downloads.Sent.Count == 1);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_host_that_stops_sending_makes_the_download_fail()
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, RequestTimeout = TimeSpan.FromMilliseconds(1), DownloadTimeout = TimeSpan.Zero,
        });
        service.Downloads.Hang();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(service));

        Assert.Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_canceled_download_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        _service.Downloads.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new StoppingStream(Png, stop)) }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SaveAsync(token: stop.Token));

        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Single(_service.Downloads.Sent);
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_on_request()
    {
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "kite.png");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);
        _service.Downloads.Bytes(Png, "image/png");

        Assert.Equal(ApiframeErrorKind.FileExists, (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync())).Kind);
        Assert.Equal("mine", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        await SaveAsync(existing: ExistingFile.Replace);
        Assert.Equal(Png, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [MemberData(nameof(NoWholeImages))]
    public async Task An_existing_file_that_is_not_a_complete_image_is_replaced(byte[] content)
    {
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "kite.png");
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        _service.Downloads.Bytes(Png, "image/png");

        Assert.True(SaveTarget.InFolder(_folder, "kite").MayExist());
        Assert.Null(SaveTarget.InFolder(_folder, "kite").ExistingImage());
        Assert.Equal(path, (await SaveAsync(existing: ExistingFile.Keep)).FullName);
        Assert.Equal(Png, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(_folder)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_symbolic_link_without_a_target_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links takes a privilege there.");
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "kite.png");
        File.CreateSymbolicLink(path, Path.Combine(_folder, "nowhere.png"));
        _service.Downloads.Bytes(Png, "image/png");

        Assert.Null(SaveTarget.InFolder(_folder, "kite").ExistingImage());
        await SaveAsync(existing: ExistingFile.Keep);

        Assert.Equal(Png, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_symbolic_link_to_a_whole_image_is_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making symbolic links takes a privilege there.");
        Directory.CreateDirectory(Path.Combine(_folder, "archive"));
        string archived = Path.Combine(_folder, "archive", "1.png");
        await File.WriteAllBytesAsync(archived, Png, TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_folder, "kite.png"), archived);

        Assert.Equal("kite.png", SaveTarget.InFolder(_folder, "kite").ExistingImage()!.Name);
    }

    [Fact]
    public async Task A_whole_image_is_found_beside_a_broken_one_of_another_format()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "kite.jpg"), [], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "kite.webp"), SampleImages.WebP, TestContext.Current.CancellationToken);

        Assert.Equal("kite.webp", SaveTarget.InFolder(_folder, "kite").ExistingImage()!.Name);
    }

    [Theory]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", null, true)]
    [InlineData("7d1f0c52-3b7e-7a0e-9a55-2f6c1d8e4b90", null, true)]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "7D1F0C52-3B7E-4A0E-9A55-2F6C1D8E4B90", true)]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "another", false)]
    [InlineData("7d1f0c52-3b7e-11f0-9a55-2f6c1d8e4b90", null, false)]
    [InlineData("7d1f0c52-3b7e-11f0-9a55-2f6c1d8e4b90", "7d1f0c52-3b7e-11f0-9a55-2f6c1d8e4b90", true)]
    [InlineData("7d1f0c52-3b7e-11f0-9a55-2f6c1d8e4b90", "7d1f0c53-3b7e-11f0-9a55-2f6c1d8e4b90", false)]
    public async Task A_file_that_version_0_1_saved_is_found_if_it_can_only_be_this_job_s(string jobId, string? toldJobId, bool isFound)
    {
        Directory.CreateDirectory(_folder);
        string earlier = Path.Combine(_folder, "a-kite-2f6c1d8e4b90-2.png");
        await File.WriteAllBytesAsync(earlier, Png, TestContext.Current.CancellationToken);
        if (toldJobId is not null)
        {
            ImageMetadata.Write(new FileInfo(earlier), new BananaJob { JobId = toldJobId }, 0, replace: false);
        }

        var target = SaveTarget.InFolder(_folder, new BananaJob { JobId = jobId, Prompt = "A kite" }, index: 1);

        Assert.True(target.MayExist());
        Assert.Equal(isFound ? earlier : null, target.ExistingImage()?.FullName);
        Assert.Null(target.Existing());
    }

    [Fact]
    public async Task A_broken_file_that_version_0_1_saved_is_not_found()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "a-kite-2f6c1d8e4b90.png"), Png[..^1], TestContext.Current.CancellationToken);

        Assert.Null(SaveTarget.InFolder(_folder, new BananaJob { JobId = FakeService.JobId, Prompt = "A kite" }, index: 0).ExistingImage());
    }

    [Theory]
    [InlineData(ExistingFile.Keep)]
    [InlineData(ExistingFile.Refuse)]
    [InlineData(ExistingFile.Replace)]
    public async Task A_file_that_another_process_saves_meanwhile_is_treated_like_an_existing_one(ExistingFile existing)
    {
        string path = Path.Combine(_folder, "kite.png");
        _service.Downloads.Do(_ =>
        {
            File.WriteAllBytes(path, Theirs);
            return Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(Png) });
        });

        if (existing == ExistingFile.Refuse)
        {
            Assert.Equal(ApiframeErrorKind.FileExists, (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(existing: existing))).Kind);
        }
        else
        {
            Assert.Equal(path, (await SaveAsync(existing: existing)).FullName);
        }

        Assert.Equal(existing == ExistingFile.Replace ? Png : Theirs, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_partial_files_of_a_killed_process_are_deleted_and_no_other_files()
    {
        Directory.CreateDirectory(_folder);
        string[] names = ["kite.0a1b2c3d.banana.partial", "other.11111111.banana.partial", "mine.partial", "busy.22222222.banana.partial"];
        foreach (string name in names)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name), "half", TestContext.Current.CancellationToken);
        }

        await using var busy = new FileStream(Path.Combine(_folder, names[3]), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        _service.Downloads.Bytes(Png, "image/png");

        await SaveAsync();

        Assert.Equal([names[3], "kite.png", "mine.partial"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_deleted_partial_file_is_created_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let anybody take away an open file.");
        bool taken = false;
        _service.Downloads.Do(_ =>
        {
            foreach (string partial in Directory.GetFiles(_folder).Where(_ => !taken))
            {
                File.Delete(partial);
            }

            taken = true;
            return Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(Png) });
        });

        Assert.Equal(Png.Length, (await SaveAsync()).Length);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_a_file_error_and_is_not_retried()
    {
        await File.WriteAllTextAsync(_folder, "a file", TestContext.Current.CancellationToken);
        try
        {
            await Assert.ThrowsAnyAsync<IOException>(() => SaveAsync());
            Assert.Empty(_service.Downloads.Sent);
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Fact]
    public async Task A_specified_name_is_used_unchanged()
    {
        _service.Downloads.Bytes(Png, "image/png");

        var target = SaveTarget.File(Path.Combine(_folder, "a[1].PNG"));
        FileInfo file = await SaveAsync(target: target);

        Assert.Equal("a[1].PNG", file.Name);
        Assert.Null(target.Mismatch(file));
    }

    [Theory]
    [InlineData(ExistingFile.Refuse)]
    [InlineData(ExistingFile.Keep)]
    [InlineData(ExistingFile.Replace)]
    public async Task An_image_of_another_format_than_the_specified_extension_is_saved_under_its_own_extension(ExistingFile existing)
    {
        _service.Downloads.Bytes(Png, "image/png");

        var target = SaveTarget.File(Path.Combine(_folder, "kite.jpg"));
        FileInfo file = await SaveAsync(target: target, existing: existing);

        Assert.Equal("kite.png", file.Name);
        Assert.Equal(Png, await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken));
        ApiframeException mismatch = target.Mismatch(file)!;
        Assert.Equal(ApiframeErrorKind.ImageFormatMismatch, mismatch.Kind);
        Assert.Equal($"The format of the image is png, so the file cannot be named 'kite.jpg'. The image was saved as '{file.FullName}'.", mismatch.Message);
    }

    [Theory]
    [InlineData(ExistingFile.Refuse)]
    [InlineData(ExistingFile.Keep)]
    [InlineData(ExistingFile.Replace)]
    public async Task An_image_with_another_extension_does_not_replace_an_existing_file(ExistingFile existing)
    {
        _service.Downloads.Bytes(Png, "image/png");
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kite.png"), "mine", TestContext.Current.CancellationToken);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(target: SaveTarget.File(Path.Combine(_folder, "kite.jpg")), existing: existing));

        Assert.Equal(ApiframeErrorKind.ImageFormatMismatch, e.Kind);
        Assert.EndsWith("kite.png' already exists.", e.Message, StringComparison.Ordinal);
        Assert.Equal(["kite.png"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_folder, "kite.png"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("a.bmp", true)]
    [InlineData("a.TIFF", true)]
    [InlineData("a.png", false)]
    [InlineData("v1.2", false)]
    public void A_file_name_with_another_image_extension_is_not_a_folder(string name, bool isOther) => Assert.Equal(isOther, SaveTarget.IsOtherImageName(name));

    [Fact]
    public void A_path_with_an_image_extension_is_a_file_unless_it_is_a_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder.png"));

        Assert.Equal(
            [true, true, true, false, false, false],
            new[] { "a.png", "a.JPG", "a.jpeg", "a", "a.d", "folder.png" }.Select(name => SaveTarget.IsFilePath(Path.Combine(_folder, name))));
    }

    [Fact]
    public async Task An_existing_file_is_found_in_every_format()
    {
        var target = SaveTarget.InFolder(_folder, "kite");
        Assert.Null(target.Existing());
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kite.webp"), "x", TestContext.Current.CancellationToken);

        Assert.Equal("kite.webp", target.Existing()!.Name);
    }

    private Task<FileInfo> SaveAsync(
        FakeService? service = null, SaveTarget? target = null, ExistingFile existing = ExistingFile.Refuse, CancellationToken? token = null)
    {
        FakeService used = service ?? _service;
        return new ImageDownloader(used.Connection, used.Log.Add).SaveAsync(
            Url, target ?? SaveTarget.InFolder(_folder, "kite"), existing, token ?? TestContext.Current.CancellationToken);
    }

    /// <summary>A stream that returns its bytes once. The next read cancels, as if the user pressed Ctrl+C.</summary>
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
