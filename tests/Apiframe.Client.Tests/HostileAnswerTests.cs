using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Whatever a server sends, the caller gets a job, an account, models or a typed error, soon, and from a bounded amount of memory.</summary>
public sealed class HostileAnswerTests
{
    private const int Calls = 6;
    private const int AnswersToEachCall = 2500;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Mutated_answers_give_what_was_asked_for_or_a_typed_error(int seed)
    {
        var mutator = new AnswerMutator(seed);
        int[] understood = new int[Calls];
        for (int i = 0; i < Calls * AnswersToEachCall; i++)
        {
            HostileAnswer answer = mutator.Next();
            try
            {
                if (await CallAsync(answer, i % Calls))
                {
                    understood[i % Calls]++;
                }
            }
            catch (Exception e) when (e is not ApiframeException)
            {
                Assert.Fail($"Answer {i} of seed {seed} got through as {e}\n{answer}");
            }
        }

        // Else the mutations are so wild that only the outermost check is ever reached.
        Assert.All(understood, count => Assert.InRange(count, AnswersToEachCall / 100, AnswersToEachCall / 2));
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });
        var endless = new EndlessStream(16 * 1024);
        service.Api.Do(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(endless) }));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.GetJobAsync(FakeService.JobId, Token));

        Assert.Equal(ApiframeErrorKind.InvalidResponse, e.Kind);
        Assert.InRange(endless.Given, 1, 20 * 1024 * 1024);
    }

    [Fact]
    public async Task An_answer_that_drips_for_ever_ends_with_the_time_of_its_request()
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
    public async Task A_refusal_with_a_hundred_thousand_details_is_a_message_that_can_be_read()
    {
        var service = new FakeService();
        string details = string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"field{i}\": [\"wrong\"]"));
        service.Api.Json($$"""{ "error": "Validation failed", "details": { {{details}} } }""", 400);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => service.Client.SubmitAsync(FakeService.Request(), Token));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.InRange(e.Message.Length, 1, 2000);
        Assert.InRange(e.Details.Count, 1, 1000);
    }

    /// <summary>True for an answer that was understood.</summary>
    private static async Task<bool> CallAsync(HostileAnswer answer, int call)
    {
        var service = new FakeService(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, MaximumRetryCount = 1, RateLimitTimeout = TimeSpan.FromMinutes(1),
        });
        service.Api.Bytes(answer.Body, answer.ContentType, answer.Status, ("Retry-After", answer.RetryAfter), ("x-request-id", "req_1"));
        try
        {
            if (call == 4)
            {
                Use(await service.Client.GetAccountAsync(Token));
                return true;
            }

            if (call == 5)
            {
                Use(await service.Client.ListModelsAsync("image", Token));
                return true;
            }

            IReadOnlyList<BananaJob> jobs = call switch
            {
                0 => [await service.Client.SubmitAsync(FakeService.Request(), Token)],
                1 => [await service.Client.GetJobAsync(FakeService.JobId, Token)],
                2 => (await service.Client.ListJobsAsync(new JobFilter(), cancellationToken: Token)).Jobs,
                _ => [await new JobWatcher(service.Client, 2, Token).WaitAsync(BananaJob.FromId(FakeService.JobId, service.Connection), TimeSpan.FromMinutes(2))],
            };
            foreach (BananaJob job in jobs)
            {
                Use(job);
            }

            return true;
        }
        catch (ApiframeException e)
        {
            Assert.InRange(e.Message.Length, 1, 3000);
            Assert.DoesNotContain(FakeService.Key, e.ToString(), StringComparison.Ordinal);
            return false;
        }
    }

    /// <summary>Looks at everything that a job says, as a view or an export would.</summary>
    private static void Use(BananaJob job)
    {
        Assert.NotEmpty(job.JobId);
        Assert.InRange(job.Progress ?? 0, 0, 100);
        Assert.All(job.ImageUrls, url => Assert.True(url.IsAbsoluteUri && url.Scheme is "http" or "https"));
        Assert.DoesNotContain("/", Save.FileNames.BaseName(job, 0));
        Assert.DoesNotContain(FakeService.Key, JsonSerializer.Serialize(job), StringComparison.Ordinal);
        try
        {
            job.EnsureCompleted();
            Assert.NotEmpty(job.ImageUrls);
        }
        catch (ApiframeException e)
        {
            Assert.Same(job, e.Job);
        }
    }

    private static void Use(BananaAccount account)
    {
        Assert.InRange(account.MaxConcurrentJobs ?? 0, 0, int.MaxValue);
        Assert.DoesNotContain(FakeService.Key, JsonSerializer.Serialize(account), StringComparison.Ordinal);
    }

    private static void Use(IReadOnlyList<BananaModel> models)
    {
        Assert.All(models, model => Assert.NotEmpty(model.Model));
        Assert.DoesNotMatch(@"afk_\w", JsonSerializer.Serialize(models));
    }

    /// <summary>Spaces without end, at most so many with each read. Like some real streams, it does not look at the token.</summary>
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
