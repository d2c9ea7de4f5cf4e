using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using System.Threading.Tasks;
using Apiframe.Emulator.Tests.Server;
using Xunit;

namespace Apiframe.Emulator.Tests.Faults;

public sealed class DownloadFaultTests
{
    private static readonly HttpClientHandler NotFollowing = new() { AllowAutoRedirect = false };

    [Fact]
    public async Task A_cut_download_announces_the_full_length_and_ends_early_by_a_reset_or_a_normal_close()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadCut"));
        var url = await test.CompletedFileAsync("resolution", "512px");
        var ends = new HashSet<bool>();

        while (ends.Count < 2)
        {
            using var connection = new RawConnection(test.Emulator.BaseUri);
            await connection.SendAsync($"GET {new Uri(url).AbsolutePath} HTTP/1.1\r\nHost: x\r\n\r\n");
            var (length, received, inGoodOrder) = await connection.ReceiveCutAsync();
            Assert.InRange(received, 1, length / 2);
            Assert.True(!inGoodOrder || received == length / 2);
            ends.Add(inGoodOrder);
        }
    }

    [Fact]
    public async Task A_download_of_the_wrong_length_is_half_of_the_file_with_the_length_of_the_half()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadWrongLength"));
        using var healthy = new TestEmulator();
        var url = await test.CompletedFileAsync("resolution", "512px");
        var whole = await healthy.Anonymous.GetByteArrayAsync(await healthy.CompletedFileAsync("resolution", "512px"), TestContext.Current.CancellationToken);

        using var response = await GetAsync(test.Anonymous, url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(whole.Length / 2, response.Content.Headers.ContentLength);
        Assert.Equal(whole[..(whole.Length / 2)], await BytesAsync(response));
    }

    [Fact]
    public async Task A_download_of_the_wrong_type_has_the_right_bytes()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadWrongType"));

        using var response = await GetAsync(test.Anonymous, await test.CompletedFileAsync("output_format", "png"));

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.ToString());
        Assert.NotNull(response.Headers.ETag);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await BytesAsync(response))[..4]);
    }

    [Fact]
    public async Task DownloadHtml_returns_a_page_instead_of_the_file()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadHtml"));

        using var response = await GetAsync(test.Anonymous, await test.CompletedFileAsync("resolution", "512px"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<html>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_download_takes_its_time_and_is_complete()
    {
        var pause = new FakePause();
        using var test = new TestEmulator(TestEmulator.Faulty(0.5, "DownloadSlow"), pause);
        var url = await test.CompletedFileAsync("resolution", "512px");
        var download = BytesAsync(test.Anonymous, url);
        var paused = TimeSpan.Zero;

        while (paused < TimeSpan.FromSeconds(0.5))
        {
            Assert.False(download.IsCompleted);
            paused += await pause.BegunAsync();
            pause.End();
        }

        Assert.Equal(TimeSpan.FromSeconds(0.5), paused);
        using var healthy = new TestEmulator();
        Assert.Equal(await BytesAsync(healthy.Anonymous, await healthy.CompletedFileAsync("resolution", "512px")), await download);
    }

    [Fact]
    public async Task The_emulator_stops_without_waiting_for_slow_downloads()
    {
        var pause = new FakePause();
        using var test = new TestEmulator(TestEmulator.Faulty(86400, "DownloadSlow"), pause);
        var download = BytesAsync(test.Anonymous, await test.CompletedFileAsync("resolution", "512px"));
        await pause.BegunAsync();

        test.Emulator.Stop();

        await Assert.ThrowsAnyAsync<Exception>(() => download);
    }

    [Fact]
    public async Task A_redirect_leads_to_another_host_name_that_returns_the_file()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadRedirect"));
        using var client = new HttpClient(NotFollowing, disposeHandler: false);
        var url = await test.CompletedFileAsync("resolution", "512px");

        using var redirect = await GetAsync(client, url);
        using var file = await GetAsync(client, redirect.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        Assert.Equal(("localhost", test.Emulator.BaseUri.Port), (redirect.Headers.Location.Host, redirect.Headers.Location.Port));
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
        Assert.Equal((2, 1), (test.Emulator.Counts.Downloads, test.Emulator.Counts.Faults));
    }

    [Fact]
    public async Task A_client_that_resolves_localhost_to_IPv6_gets_the_file()
    {
        var addresses = NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses);
        Assert.SkipUnless(addresses.Any(one => one.Address.Equals(IPAddress.IPv6Loopback)), "This machine has no ::1.");
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadRedirect"));
        var url = new UriBuilder(await test.CompletedFileAsync("resolution", "512px")) { Host = "[::1]", Query = "redirected" };

        using var file = await GetAsync(test.Anonymous, url.Uri.AbsoluteUri);

        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
    }

    [Fact]
    public async Task A_redirect_loop_has_no_end()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadRedirectLoop"));
        using var client = new HttpClient(NotFollowing, disposeHandler: false);
        var url = new Uri(await test.CompletedFileAsync("resolution", "512px"));

        using var first = await GetAsync(client, url.AbsoluteUri);
        var next = new Uri(url, first.Headers.Location!);
        using var second = await GetAsync(client, next.AbsoluteUri);

        Assert.Equal((HttpStatusCode.Found, HttpStatusCode.Found), (first.StatusCode, second.StatusCode));
        Assert.Equal(next, new Uri(next, second.Headers.Location!));
        Assert.Equal(1, test.Emulator.Counts.Faults);
    }

    [Theory]
    [InlineData("DownloadGone404", HttpStatusCode.NotFound)]
    [InlineData("DownloadGone410", HttpStatusCode.Gone)]
    public async Task A_fault_reports_a_file_as_missing(string fault, HttpStatusCode status)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, fault));

        using var response = await GetAsync(test.Anonymous, await test.CompletedFileAsync("resolution", "512px"));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(1, test.Emulator.Counts.Refusals);
    }

    [Theory]
    [InlineData("DownloadBusy429", 429, 0, "1")]
    [InlineData("DownloadBusy429", 429, 1.5, "2")]
    [InlineData("DownloadBusy503", 503, 30, "30")]
    public async Task A_busy_host_sends_Retry_After_in_whole_seconds(string fault, int status, double durationSec, string retryAfter)
    {
        using var test = new TestEmulator(TestEmulator.Faulty(durationSec, fault));

        using var response = await GetAsync(test.Anonymous, await test.CompletedFileAsync("resolution", "512px"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(retryAfter, Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Equal(1, test.Emulator.Counts.FaultsByName[fault]);
    }

    [Fact]
    public async Task A_changing_file_is_cut_then_continued_with_another_tag_and_then_complete()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadChangedTag"));
        using var healthy = new TestEmulator();
        var url = await test.CompletedFileAsync("resolution", "512px");
        var right = await BytesAsync(healthy.Anonymous, await healthy.CompletedFileAsync("resolution", "512px"));
        using var connection = new RawConnection(test.Emulator.BaseUri);
        await connection.SendAsync($"GET {new Uri(url).AbsolutePath} HTTP/1.1\r\nHost: x\r\n\r\n");
        var (length, received, inGoodOrder) = await connection.ReceiveCutAsync();

        using var rest = await PartAsync(test.Anonymous, url, received);
        using var whole = await GetAsync(test.Anonymous, url);
        using var part = await PartAsync(test.Anonymous, url, received);

        Assert.Equal((right.Length, right.Length / 2, true), (length, received, inGoodOrder));
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal($"bytes {received}-{length - 1}/{length}", rest.Content.Headers.ContentRange?.ToString());
        Assert.NotEqual(whole.Headers.ETag, rest.Headers.ETag);
        Assert.All((await BytesAsync(rest)).Zip(right[received..]), pair => Assert.NotEqual(pair.Second, pair.First));
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(right, await BytesAsync(whole));
        Assert.Equal(whole.Headers.ETag, part.Headers.ETag);
        Assert.Equal(right[received..], await BytesAsync(part));
        Assert.Equal(1, test.Emulator.Counts.Faults);
    }

    [Fact]
    public async Task Download_faults_affect_neither_missing_files_nor_requests()
    {
        using var test = new TestEmulator(TestEmulator.Faulty(2, "DownloadHtml"));

        using var response = await GetAsync(test.Anonymous, $"/files/{await test.SubmitAsync()}-1.jpg");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, test.Emulator.Counts.Faults);
    }

    private static async Task<HttpResponseMessage> PartAsync(HttpClient client, string url, int first)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(first, null) } };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string url) => client.GetAsync(url, TestContext.Current.CancellationToken);

    private static Task<byte[]> BytesAsync(HttpClient client, string url) => client.GetByteArrayAsync(url, TestContext.Current.CancellationToken);

    private static Task<byte[]> BytesAsync(HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
}
