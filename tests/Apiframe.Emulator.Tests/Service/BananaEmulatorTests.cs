using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

public sealed class BananaEmulatorTests
{
    [Fact]
    public void Listens_on_loopback_and_returns_its_address()
    {
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions());

        Assert.Equal("127.0.0.1", emulator.BaseUri.Host);
        Assert.Equal("http", emulator.BaseUri.Scheme);
        Assert.Equal($"BananaEmulator http://127.0.0.1:{emulator.BaseUri.Port}", emulator.ToString());
        Assert.True(emulator.IsRunning);
    }

    [Fact]
    public void Creates_a_key_if_none_is_specified()
    {
        using var first = BananaEmulator.Start(new BananaEmulatorOptions());
        using var second = BananaEmulator.Start(new BananaEmulatorOptions());

        Assert.Matches("^afk_emulator_[0-9a-f]{32}$", first.PlainApiKey);
        Assert.NotEqual(first.PlainApiKey, second.PlainApiKey);
    }

    [Fact]
    public void Returns_its_key_only_as_a_secure_string()
    {
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey });

        Assert.Equal(TestEmulator.ApiKey, new NetworkCredential(string.Empty, emulator.ApiKey).Password);
        var shown = typeof(BananaEmulator).GetProperties().Select(property => property.GetValue(emulator)?.ToString());
        Assert.DoesNotContain(TestEmulator.ApiKey, string.Join('\n', shown.Append(emulator.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Returns_the_options_that_it_was_started_with()
    {
        var clock = new FakeClock();
        using var emulator = new BananaEmulator(
            new BananaEmulatorOptions
            {
                GenerationTimeSec = 3,
                GenerationTimeSpread = 0.5,
                FailureRate = 0.1,
                Seed = 42,
                RequestForm = EmulatorRequestForm.OpenApi,
            },
            () => clock.Now);

        Assert.Equal(3, emulator.GenerationTimeSec);
        Assert.Equal(0.5, emulator.GenerationTimeSpread);
        Assert.Equal(0.1, emulator.FailureRate);
        Assert.Equal(42, emulator.Seed);
        Assert.Equal(EmulatorRequestForm.OpenApi, emulator.RequestForm);
        Assert.Equal(clock.Now, emulator.StartedAt);
    }

    [Fact]
    public async Task Stops_at_once_with_open_connections_and_can_be_stopped_again()
    {
        using var test = new TestEmulator();
        (await test.GetAsync("/v2/me")).Dispose();

        test.Emulator.Stop();
        test.Emulator.Stop();

        Assert.False(test.Emulator.IsRunning);
        await Assert.ThrowsAsync<HttpRequestException>(() => test.GetAsync("/v2/me"));
    }

    [Fact]
    public void Listens_on_the_specified_port_unless_it_is_in_use()
    {
        using var first = BananaEmulator.Start(new());
        int port = first.BaseUri.Port;

        Assert.Throws<SocketException>(() => BananaEmulator.Start(new() { Port = port }));
        first.Stop();
        using var second = BananaEmulator.Start(new() { Port = port });
        Assert.Equal(new Uri($"http://127.0.0.1:{port}"), second.BaseUri);
    }

    [Fact]
    public void Does_not_start_without_options() =>
        Assert.Throws<ArgumentNullException>("options", () => BananaEmulator.Start(null!));

    public static TheoryData<string, BananaEmulatorOptions, string> BadOptions() => new()
    {
        { "Port", new() { Port = -1 }, "Port is -1. The value must be from 1 to 65535, or 0 for a free port." },
        { "Port", new() { Port = 65536 }, "Port is 65536. The value must be from 1 to 65535, or 0 for a free port." },
        { "GenerationTimeSec", new() { GenerationTimeSec = -1 }, "GenerationTimeSec is -1. The value must be from 0 to 86400 seconds." },
        { "GenerationTimeSec", new() { GenerationTimeSec = double.NaN }, "GenerationTimeSec is NaN. The value must be from 0 to 86400 seconds." },
        { "GenerationTimeSpread", new() { GenerationTimeSpread = 1.5 }, "GenerationTimeSpread is 1.5. The value must be from 0 to 1." },
        { "FailureRate", new() { FailureRate = -0.1 }, "FailureRate is -0.1. The value must be from 0 to 1." },
        { "Credits", new() { Credits = -1 }, "Credits is -1. The value must be 0 or more." },
        { "RequestsPerMinute", new() { RequestsPerMinute = -1 }, "RequestsPerMinute is -1. The value must be 1 or more, or 0 for no limit." },
        { "ConcurrentJobs", new() { ConcurrentJobs = -1 }, "ConcurrentJobs is -1. The value must be 1 or more, or 0 for no limit." },
        { "ImageBytes", new() { ImageBytes = -1 }, "ImageBytes is -1. The value must be from 0 to 100000000 bytes." },
        { "UploadLifetimeSec", new() { UploadLifetimeSec = -1 }, "UploadLifetimeSec is -1. The value must be from 0 to 86400 seconds." },
        { "UploadLifetimeSec", new() { UploadLifetimeSec = 86401 }, "UploadLifetimeSec is 86401. The value must be from 0 to 86400 seconds." },
        { "IdempotencyKeyLifetime", new() { IdempotencyKeyLifetime = TimeSpan.FromSeconds(-1) }, "IdempotencyKeyLifetime is -1. The value must be from 0 to 31536000 seconds." },
        { "ImageLifetime", new() { ImageLifetime = TimeSpan.FromDays(366) }, "ImageLifetime is 31622400. The value must be from 0 to 31536000 seconds." },
        { "RefuseAfter", new() { RefuseAfter = -1 }, "RefuseAfter is -1. The value must be 0 or more." },
        { "Refusal", new() { Refusal = (EmulatorRefusal)9 }, "Refusal is 9. The value must be None, InvalidKey, InactiveKey, or RateLimit." },
        { "Progress", new() { Progress = (EmulatorProgress)9 }, "Progress is 9. The value must be Fine, Coarse, Stuck, or Zero." },
        { "RequestForm", new() { RequestForm = (EmulatorRequestForm)7 }, "RequestForm is 7. The value must be Both, ModelPage, or OpenApi." },
        {
            "WebhookSignature", new() { WebhookSignature = (EmulatorWebhookSignature)3 },
            "WebhookSignature is 3. The value must be RawBytes, HexText, or None."
        },
        { "ApiKey", new() { ApiKey = "" }, "ApiKey has 0 characters. The number of characters must be from 1 to 256." },
        { "ApiKey", new() { ApiKey = "afk\n" }, "ApiKey contains the character U+000A. Only printable ASCII characters, except the space, are allowed." },
    };

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public void Rejects_options_outside_their_range_and_says_what_is_allowed(string name, BananaEmulatorOptions options, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(name, () => BananaEmulator.Start(options));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_requests_jobs_and_downloads()
    {
        using var test = new TestEmulator();
        var before = test.Emulator.Counts;
        var id = await test.SubmitAsync(idempotencyKey: "k");
        await test.SubmitAsync(idempotencyKey: "k");
        (await test.PostAsync("{}")).Dispose();
        await test.JobAsync(id);
        await test.GetJsonAsync("/v2/jobs");
        await test.GetJsonAsync("/v2/me");
        await test.GetJsonAsync("/v2/models");
        (await test.Anonymous.GetAsync("/files/" + id + "-1.jpg", TestContext.Current.CancellationToken)).Dispose();

        var counts = test.Emulator.Counts;

        Assert.Equal(8, counts.Requests);
        Assert.Equal(3, counts.Submissions);
        Assert.Equal(1, counts.StatusRequests);
        Assert.Equal(1, counts.ListRequests);
        Assert.Equal(1, counts.Downloads);
        Assert.Equal(0, counts.KeysSentToDownloads);
        Assert.Equal(2, counts.OtherRequests);
        Assert.Equal(2, counts.Refusals);
        Assert.Equal(1, counts.JobsAccepted);
        Assert.Equal(1, counts.Replays);
        Assert.Equal(1, counts.ImagesBilled);
        Assert.Equal(5, counts.CreditsBilled);
        Assert.Equal("8 requests, 1 jobs, 1 replays, 2 refusals, 1 images billed (5 credits)", counts.ToString());
        Assert.Equal(0, before.Requests);
    }
}
