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

/// <summary>Tests the client against an emulator with faults, over real sockets: each fault leaves one bill and one file for each prompt.</summary>
public sealed class FaultTests : IDisposable
{
    private const int Prompts = 8;

    /// <summary>The number of times that a prompt is submitted or a job is saved before the test fails.</summary>
    private const int MaximumAttempts = 50;

    /// <summary>The faults that end a job without a bill. Its prompt is submitted again.</summary>
    private static readonly string[] Final = ["JobFailed", "JobCancelled", "JobUnavailable"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public static TheoryData<string> Faults => [.. EmulatorFaults.Names];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Under_each_fault_every_prompt_has_one_bill_and_one_file(string fault)
    {
        using var emulator = BananaEmulator.Start(new BananaEmulatorOptions
        {
            ApiKey = FakeService.Key,
            GenerationTimeSec = 0.2,
            Seed = 3,
            Faults = new Dictionary<string, double> { [fault] = 0.3 },
            FaultDurationSec = 0.1,
        });
        var connection = new ApiframeConnection(new ApiframeConnectionOptions
        {
            ApiKey = FakeService.Key, BaseUri = emulator.BaseUri, MaximumRetryCount = 20, RequestTimeout = TimeSpan.FromSeconds(5),
        });
        var client = new ApiframeClient(connection, new RequestLog().Add);
        var shared = new JobWatcher(client, 8, Token);
        var downloader = new ImageDownloader(connection, new RequestLog().Add);
        var scope = new IdempotencyScope("faults");
        SubmitRequest[] requests = [.. Enumerable.Range(0, Prompts).Select(i => scope.Claim(FakeService.Request($"kite {i}") with { Resolution = "512px" }))];

        await Task.WhenAll(requests.Select(async request =>
        {
            // This fault does not affect lists, so each job is requested individually.
            JobWatcher watcher = fault == "ForeignJob" ? new JobWatcher(client, 8, Token) : shared;
            BananaJob job = await MadeAsync(client, watcher, request);
            await SavedAsync(downloader, job);
        }));

        Assert.Equal((Prompts, Prompts), (emulator.Counts.ImagesBilled, Directory.GetFiles(_folder).Length));
        Assert.Equal(Final.Contains(fault), emulator.Counts.JobsAccepted > Prompts);
        Assert.Equal(0, emulator.Counts.KeysSentToDownloads);
        Assert.InRange(emulator.Counts.Faults, 1, long.MaxValue);
    }

    /// <summary>Saves the image. If the service says that it has deleted the image, that error is final, so the job is saved again.</summary>
    private async Task SavedAsync(ImageDownloader downloader, BananaJob job)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await downloader.SaveAsync(job, 0, SaveTarget.InFolder(_folder, FileNames.BaseName(job, 0)), ExistingFile.Refuse, Token);
                return;
            }
            catch (ApiframeException e) when (e.Kind == ApiframeErrorKind.ImageExpired && attempt < MaximumAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
            }
        }
    }

    private static async Task<BananaJob> MadeAsync(ApiframeClient client, JobWatcher watcher, SubmitRequest request)
    {
        for (int attempt = 1; ; attempt++)
        {
            BananaJob job = await watcher.WaitAsync(await client.SubmitAsync(request, Token), TimeSpan.FromMinutes(1));
            if (job.Status is not ("FAILED" or "CANCELLED") || attempt == MaximumAttempts)
            {
                job.EnsureCompleted();
                return job;
            }
        }
    }
}
