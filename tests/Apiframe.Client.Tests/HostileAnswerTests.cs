using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests hostile servers. The caller gets a typed error after a limited time, and the response uses a bounded amount of memory.</summary>
public sealed class HostileAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endless_response_ends_at_the_size_limit()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });
        var endless = new EndlessStream(16 * 1024);
        service.Api.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(endless) }));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.GetJobAsync(FakeService.JobId, Token));

        Assert.Equal(ApiframeErrorKind.InvalidResponse, e.Kind);
        Assert.InRange(endless.Given, 1, 20 * 1024 * 1024);
    }

    [Fact]
    public async Task An_endless_slow_response_ends_at_the_timeout_of_its_request()
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, MaximumRetryCount = 0, RequestTimeout = TimeSpan.FromMilliseconds(20),
        });
        service.Api.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new EndlessStream(1)) }));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.GetJobAsync(FakeService.JobId, Token));

        Assert.Equal(ApiframeErrorKind.RequestTimeout, e.Kind);
    }

    [Fact]
    public async Task An_error_response_with_a_hundred_thousand_details_becomes_a_readable_message()
    {
        var service = new FakeService();
        string details = string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"field{i}\": [\"wrong\"]"));
        service.Api.Json($$"""{ "error": "Validation failed", "details": { {{details}} } }""", 400);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.SubmitAsync(FakeService.Request(), Token));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.InRange(e.Message.Length, 1, 2000);
        Assert.InRange(e.Details.Count, 1, 1000);
    }

    /// <summary>An endless stream of spaces that returns at most a certain number for each read. Like some real streams, it ignores the token.</summary>
    private sealed class EndlessStream(int most) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = Math.Min(count, most);
            Array.Fill(buffer, (byte)' ', offset, count);
            Given += count;
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
