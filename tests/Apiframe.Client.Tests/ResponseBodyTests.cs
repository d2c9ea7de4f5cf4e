using System;
using System.Buffers;
using System.IO;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Transport;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests a response that stops after its headers or in its body, on a stream that ignores tokens while it reads.</summary>
public sealed class ResponseBodyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeService _service = new(new ApiframeConnectionOptions
    {
        ApiKey = FakeService.Key, RequestTimeout = TimeSpan.FromMilliseconds(20), DownloadTimeout = TimeSpan.Zero, MaximumRetryCount = 0,
    });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("{ \"id\": ")]
    public async Task A_response_that_stops_ends_with_the_timeout_of_its_request(string beginning)
    {
        _service.Api.Do(_ => Stuck(beginning));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.RequestTimeout, e.Kind);
    }

    [Fact(Timeout = 30_000)]
    public async Task Canceling_ends_a_request_whose_response_has_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var service = new FakeService();
        service.Api.Do(_ => Stuck("{"));
        Task<BananaJob> look = service.Client.GetJobAsync(FakeService.JobId, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => look);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_image_that_stops_is_a_failed_download()
    {
        _service.Downloads.Do(_ => Stuck("GIF8"));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => new ImageDownloader(_service.Connection).SaveAsync(
            new Uri("https://cdn.example.net/1.png"), SaveTarget.InFolder(_folder, "1"), ExistingFile.Refuse, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_buffer_that_a_read_may_still_write_to_is_not_used_again()
    {
        using var stop = new CancellationTokenSource();
        var body = new ResponseBody(new HttpResponseMessage { Content = new StreamContent(new StuckStream([])) }, 100);
        Task<int> read = body.ReadAsync(0, stop.Token);
        stop.Cancel();

        body.Dispose();

        // The pool returns the buffer that the same thread returned last.
        Assert.NotSame(body.Buffer, ArrayPool<byte>.Shared.Rent(100));
        Assert.NotNull(read);
    }

    private static Task<HttpResponseMessage> Stuck(string beginning) =>
        Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new StuckStream(Encoding.ASCII.GetBytes(beginning))) });
}
