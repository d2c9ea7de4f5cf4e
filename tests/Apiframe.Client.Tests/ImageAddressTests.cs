using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests which addresses images can be downloaded from, and where redirects can lead.</summary>
public sealed class ImageAddressTests : IDisposable
{
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
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.255.254", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("192.169.1.1", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("100.63.255.255", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fe80::1%2", true)]
    [InlineData("fc00::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("fec0::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::10.0.0.1", true)]
    [InlineData("64:ff9b::10.0.0.1", true)]
    [InlineData("64:ff9b::8.8.8.8", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2606:4700::1111", false)]
    public void An_address_is_private_if_only_this_computer_or_its_network_can_reach_it(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, AddressGuard.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1/1.png")]
    [InlineData("http://2130706433/1.png")]
    [InlineData("http://0x7f.1/1.png")]
    [InlineData("http://[::1]/1.png")]
    [InlineData("http://[::ffff:169.254.169.254]/latest")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://intranet.example.net/1.png")]
    [InlineData("https://both.example.net/1.png")]
    public async Task A_job_cannot_cause_a_download_from_the_local_network(string url)
    {
        _service.Hosts["intranet.example.net"] = "10.1.2.3";
        _service.Hosts["both.example.net"] = "203.0.113.7 fd00::1";

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(JobAt(url)));

        Assert.Equal((ApiframeErrorKind.ImageAddressRefused, FakeService.JobId), (e.Kind, e.Job?.JobId));
        Assert.Empty(_service.Downloads.Sent);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("https://gateway.example.net")]
    public async Task A_service_in_a_private_network_can_store_its_images_there(string baseUri)
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = new Uri(baseUri) });
        service.Hosts["gateway.example.net"] = "10.1.2.3";
        service.Hosts["files.example.net"] = "10.1.2.4";
        service.Downloads.Bytes(SampleImages.Png, "image/png");

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync(JobAt("http://files.example.net/1.png"), service)).Length);
    }

    [Fact]
    public async Task An_address_that_the_user_specifies_can_be_private()
    {
        _service.Downloads.Bytes(SampleImages.Png, "image/png");

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync(new Uri("http://127.0.0.1/1.png"))).Length);
    }

    [Fact]
    public async Task A_host_name_that_cannot_be_resolved_is_left_to_the_proxy()
    {
        var connection = new ApiframeConnectionOptions { ApiKey = FakeService.Key };
        var service = new FakeService(connection) { Resolver = _ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)) };
        service.Downloads.Bytes(SampleImages.Png, "image/png");

        Assert.Equal(SampleImages.Png.Length, (await SaveAsync(JobAt("https://cdn.example.net/1.png"), service)).Length);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_followed_without_the_key(int status)
    {
        _service.Downloads
            .Answer(status, string.Empty, headers: ("Location", "/elsewhere/1.png"))
            .Answer(status, string.Empty, headers: ("Location", "https://other.example.net/1.png"))
            .Bytes(SampleImages.Png, "image/png");

        await SaveAsync(JobAt("https://cdn.example.net/1.png"));

        Assert.Equal(
            ["https://cdn.example.net/1.png", "https://cdn.example.net/elsewhere/1.png", "https://other.example.net/1.png"],
            _service.Downloads.Sent.Select(sent => sent.Url.AbsoluteUri));
        Assert.All(_service.Downloads.Sent, sent => Assert.DoesNotContain(sent.Headers, header => header.Value.Contains("afk_", StringComparison.Ordinal)));
        Assert.All(_service.Downloads.Sent, sent => Assert.NotNull(sent.Header("User-Agent")));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", true)]
    [InlineData("https://localhost:8080/", true)]
    [InlineData("http://[fd00:ec2::254]/", true)]
    [InlineData("http://169.254.169.254/latest/meta-data", false)]
    public async Task No_redirect_leads_into_the_local_network(string location, bool isJobs)
    {
        _service.Hosts["localhost"] = "127.0.0.1 ::1";
        _service.Downloads.Answer(302, string.Empty, headers: ("Location", location));
        var url = new Uri("http://cdn.example.net/1.png");

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => isJobs ? SaveAsync(JobAt(url.AbsoluteUri)) : SaveAsync(url));

        Assert.Equal(ApiframeErrorKind.ImageAddressRefused, e.Kind);
        Assert.Single(_service.Downloads.Sent);
    }

    [Theory]
    [InlineData("http://cdn.example.net/1.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://cdn.example.net/1.png")]
    [InlineData("http://[")]
    [InlineData(null)]
    public async Task A_redirect_to_a_forbidden_address_is_not_followed(string? location)
    {
        _service.Downloads.Answer(302, string.Empty, headers: (location is null ? "X-Nothing" : "Location", location ?? "x"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(JobAt("https://cdn.example.net/1.png")));

        Assert.Equal((ApiframeErrorKind.DownloadFailed, 302), (e.Kind, e.StatusCode));
        Assert.All(_service.Downloads.Sent, sent => Assert.Equal("https://cdn.example.net/1.png", sent.Url.AbsoluteUri));
    }

    [Fact]
    public async Task A_redirect_loop_ends_with_an_error()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, DownloadTimeout = TimeSpan.Zero });
        service.Downloads.Answer(302, string.Empty, headers: ("Location", "/1.png"));

        Assert.Equal(
            ApiframeErrorKind.DownloadFailed,
            (await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(JobAt("https://cdn.example.net/1.png"), service))).Kind);
        Assert.Equal(11, service.Downloads.Sent.Count);
    }

    private static BananaJob JobAt(string url) => new() { JobId = FakeService.JobId, Status = JobStatus.Completed, ImageUrls = [new Uri(url)] };

    private Task<FileInfo> SaveAsync(BananaJob job, FakeService? service = null) => new ImageDownloader((service ?? _service).Connection).SaveAsync(
        job, 0, SaveTarget.InFolder(_folder, "kite"), ExistingFile.Refuse, TestContext.Current.CancellationToken);

    private Task<FileInfo> SaveAsync(Uri url) => new ImageDownloader(_service.Connection).SaveAsync(
        url, SaveTarget.InFolder(_folder, "kite"), ExistingFile.Refuse, TestContext.Current.CancellationToken);
}
