using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests.OverTheWire;

/// <summary>Tests the client against the emulator, over real sockets and with the real clock.</summary>
public sealed class OverTheWireTests : IDisposable
{
    private const string Key = FakeService.Key;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly BananaEmulator _emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, GenerationTimeSec = 0.2 });
    private readonly ApiframeClient _client;

    public OverTheWireTests() => _client = Connect(Key);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _emulator.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Prompts_become_files_and_each_is_billed_once()
    {
        var watcher = new JobWatcher(_client, 4, Token);
        var downloader = new ImageDownloader(_client.Connection);
        string[] formats = ["jpg", "png", "webp"];

        FileInfo[] files = await Task.WhenAll(formats.SelectMany(format => Enumerable.Range(0, 3).Select(async i =>
        {
            BananaJob accepted = await _client.SubmitAsync(new SubmitRequest { Prompt = $"kite {i}", OutputFormat = format, Resolution = "512px" }, Token);
            BananaJob job = await watcher.WaitAsync(accepted, TimeSpan.FromMinutes(1));
            return await downloader.SaveAsync(job, 0, SaveTarget.InFolder(_folder, FileNames.BaseName(job, 0)), ExistingFile.Refuse, Token);
        })));

        Assert.Equal([3, 3, 3], files.GroupBy(file => file.Extension).OrderBy(group => group.Key).Select(group => group.Count()));
        Assert.Equal((9, 9, 0), (_emulator.Counts.ImagesBilled, _emulator.Counts.Downloads, _emulator.Counts.KeysSentToDownloads));
        Assert.Empty(Directory.GetFiles(_folder, "*.partial"));
    }

    [Fact]
    public async Task The_schema_of_the_service_accepts_every_option()
    {
        BananaJob job = await _client.SubmitAsync(new SubmitRequest
        {
            Prompt = "é 漢字 🍌 \"quoted\"\nnext", Model = "nano-banana-2-lite", Resolution = "4K", AspectRatio = "16:9", OutputFormat = "webp",
            ReferenceImage = Enumerable.Repeat("https://a.example/1.png", 14).ToArray(), GoogleSearch = true, ImageSearch = true,
            WebhookUrl = "https://h.example/x", WebhookEvent = ["completed", "failed", "progress"],
        }, Token);

        BananaJob asked = await _client.GetJobAsync(job.JobId, Token);

        Assert.Equal("é 漢字 🍌 \"quoted\"\nnext", asked.Prompt);
        Assert.Equal(("nano-banana-2-lite", "4K", "16:9", "webp", 14), (asked.Model, asked.Resolution, asked.AspectRatio, asked.OutputFormat, asked.ReferenceImage!.Count));
        Assert.True(asked.GoogleSearch && asked.ImageSearch);
    }

    [Fact]
    public async Task The_same_key_returns_the_same_job_and_another_request_under_it_is_rejected()
    {
        var request = new SubmitRequest { Prompt = "kite", IdempotencyKey = "k" };
        BananaJob first = await _client.SubmitAsync(request, Token);
        BananaJob again = await _client.SubmitAsync(request, Token);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _client.SubmitAsync(new SubmitRequest { Prompt = "other", IdempotencyKey = "k" }, Token));

        Assert.Equal(first.JobId, again.JobId);
        Assert.Equal(ApiframeErrorKind.Conflict, e.Kind);
        Assert.Equal((1, 1), (_emulator.Counts.JobsAccepted, _emulator.Counts.Replays));
    }

    [Fact]
    public async Task Lists_are_read_to_the_last_page()
    {
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => _client.SubmitAsync(new SubmitRequest { Prompt = $"kite {i}" }, Token)));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            JobPage page = await _client.ListJobsAsync(new JobFilter { Model = "nano-banana-2" }, 10, cursor, Token);
            seen.AddRange(page.Jobs.Select(job => job.JobId));
            cursor = page.NextCursor;
        }
        while (cursor is not null && seen.Count < 100);

        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(3, _emulator.Counts.ListRequests);
    }

    [Theory]
    [InlineData(EmulatorRequestForm.Both)]
    [InlineData(EmulatorRequestForm.ModelPage)]
    [InlineData(EmulatorRequestForm.OpenApi)]
    public async Task Each_published_request_form_is_found_with_at_most_one_rejection(EmulatorRequestForm form)
    {
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, RequestForm = form });
        var client = Connect(Key, emulator);

        for (int i = 0; i < 3; i++)
        {
            await client.SubmitAsync(
                new SubmitRequest { Prompt = "kite", ReferenceImage = ["https://a.example/1.png"], WebhookUrl = "https://h.example" }, Token);
        }

        Assert.Equal(3, emulator.Counts.JobsAccepted);
        Assert.InRange(emulator.Counts.Refusals, 0, 1);
    }

    [Fact]
    public async Task Two_clients_of_one_account_share_its_rate_limit_with_few_rejections()
    {
        using var busy = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, GenerationTimeSec = 1, RequestsPerMinute = 120 });
        ApiframeClient spender = Connect(Key, busy);
        await Task.WhenAll(Enumerable.Range(0, 115).Select(_ => spender.GetAccountAsync(Token)));

        BananaJob[][] made = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            ApiframeClient client = Connect(Key, busy);
            var watcher = new JobWatcher(client, cancellationToken: Token);
            return await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
                await watcher.WaitAsync(await client.SubmitAsync(new SubmitRequest { Prompt = $"kite {i}" }, Token), TimeSpan.FromMinutes(2))));
        }));

        Assert.All(made, jobs => Assert.Equal(5, jobs.Count(job => job.Status == "COMPLETED")));
        Assert.Equal(10, busy.Counts.ImagesBilled);
        Assert.InRange(busy.Counts.Refusals, 0, 30);
    }

    [Fact]
    public async Task The_account_shows_the_cost_of_a_prompt_and_the_model_list_shows_the_price_range()
    {
        BananaAccount before = await _client.GetAccountAsync(Token);
        BananaJob job = await _client.SubmitAsync(new SubmitRequest { Prompt = "kite" }, Token);
        decimal cost = (await _client.GetJobAsync(job.JobId, Token)).CreditCost!.Value;
        BananaModel model = (await Connect(key: null).ListModelsAsync("image", Token)).Single(model => model.Model == job.Model);

        Assert.Equal(cost, before.Credits - (await _client.GetAccountAsync(Token)).Credits);
        Assert.InRange(cost, model.CostMin!.Value, model.CostMax!.Value);
        Assert.Equal(Key[..8], before.ApiKeyPrefix);
    }

    [Fact]
    public async Task The_emulator_returns_the_documented_errors()
    {
        using var poor = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, Credits = 1 });

        Assert.Equal(ApiframeErrorKind.Authentication, await KindOf(() => Connect("afk_wrong").SubmitAsync(new SubmitRequest { Prompt = "kite" }, Token)));
        Assert.Equal(ApiframeErrorKind.NotFound, await KindOf(() => _client.GetJobAsync(Guid.NewGuid().ToString(), Token)));
        Assert.Equal(ApiframeErrorKind.InsufficientCredits, await KindOf(() => Connect(Key, poor).SubmitAsync(new SubmitRequest { Prompt = "kite" }, Token)));
        Assert.Equal(ApiframeErrorKind.InvalidRequest, await KindOf(() => _client.SubmitAsync(new SubmitRequest { Prompt = "kite", Model = "no-such-model" }, Token)));
        Assert.Equal(ApiframeErrorKind.InvalidRequest, await KindOf(() => _client.ListJobsAsync(new JobFilter { Status = "odd" }, cancellationToken: Token)));
        Assert.Equal(ApiframeErrorKind.Authentication, await KindOf(() => Connect("afk_wrong").GetAccountAsync(Token)));
        Assert.Equal(ApiframeErrorKind.InvalidRequest, await KindOf(() => _client.ListModelsAsync("sculpture", Token)));
    }

    [Fact]
    public async Task A_stopped_service_is_a_failed_connection()
    {
        _emulator.Stop();

        Assert.Equal(ApiframeErrorKind.Network, await KindOf(() => Connect(Key).SubmitAsync(new SubmitRequest { Prompt = "kite" }, Token)));
    }

    [Fact]
    public async Task A_failed_job_has_its_error_and_is_not_billed()
    {
        using var failing = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, GenerationTimeSec = 0.1, FailureRate = 1 });
        var client = Connect(Key, failing);

        BananaJob job = await new JobWatcher(client, 1, Token).WaitAsync(await client.SubmitAsync(new SubmitRequest { Prompt = "kite" }, Token), TimeSpan.FromMinutes(1));

        Assert.Equal("FAILED", job.Status);
        Assert.NotNull(job.Error);
        Assert.Equal(0, failing.Counts.ImagesBilled);
    }

    [Theory]
    [InlineData("ImageLate", 2)]
    [InlineData("DownloadChangedTag", 0)]
    public async Task Every_image_is_saved_completely_although_a_fault_affects_each_download(string fault, double seconds)
    {
        using var faulty = BananaEmulator.Start(new BananaEmulatorOptions
        {
            ApiKey = Key, GenerationTimeSec = 0.1, Faults = new Dictionary<string, double> { [fault] = 1 }, FaultDurationSec = seconds,
        });
        ApiframeClient client = Connect(Key, faulty);
        var watcher = new JobWatcher(client, 4, Token);
        var downloader = new ImageDownloader(client.Connection);
        string[] formats = ["jpg", "png", "webp", "jpg"];

        await Task.WhenAll(formats.Select(async (format, i) =>
        {
            BananaJob accepted = await client.SubmitAsync(new SubmitRequest { Prompt = $"kite {i}", OutputFormat = format, Resolution = "512px" }, Token);
            BananaJob job = await watcher.WaitAsync(accepted, TimeSpan.FromMinutes(1));
            await downloader.SaveAsync(job, 0, SaveTarget.InFolder(_folder, FileNames.BaseName(job, 0)), ExistingFile.Refuse, Token);
        }));

        Assert.Equal((4, 4), (faulty.Counts.ImagesBilled, Directory.GetFiles(_folder).Length));
        Assert.InRange(faulty.Counts.Faults, 4, 8);
        Assert.All(Directory.GetFiles(_folder), path =>
        {
            using FileStream file = File.OpenRead(path);
            Assert.Equal(Path.GetExtension(path), ImageFormat.OfWhole(file)?.Extension);
        });
    }

    private static async Task<ApiframeErrorKind> KindOf(Func<Task> call) => (await Assert.ThrowsAsync<ApiframeException>(call)).Kind;

    private ApiframeClient Connect(string? key, BananaEmulator? emulator = null) =>
        new(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = key, BaseUri = (emulator ?? _emulator).BaseUri, MaximumRetryCount = 1 }), new RequestLog().Add);
}
