using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests.OverTheWire;

/// <summary>Tests journals that were cut at any byte of their last lines, against the emulator over real sockets.</summary>
public sealed class CutJournalTests : IDisposable
{
    private static readonly string[] Prompts = ["a kite", "a lighthouse"];

    private readonly string _folder = Directory.CreateTempSubdirectory("banana-cut").FullName;
    private readonly List<string> _jobs = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder, "autumn.jsonl");

    private string Images => System.IO.Path.Combine(_folder, "images");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cut_in_the_last_intent_and_acceptance_causes_no_second_bill_and_loses_no_job()
    {
        using BananaEmulator emulator = Start(keyLifetime: null);
        byte[] whole = await SubmittedAsync(emulator);

        await EachCutAsync(whole, lines: 2, async () => Assert.Equal(_jobs, await SubmitAsync(emulator, keyLifetime: null)));

        Assert.Equal(2, emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task A_job_whose_acceptance_was_cut_off_is_found_although_the_service_has_forgotten_the_key()
    {
        using BananaEmulator emulator = Start(keyLifetime: TimeSpan.Zero);
        byte[] whole = await SubmittedAsync(emulator);

        await EachCutAsync(whole, lines: 1, async () => Assert.Equal(_jobs, await SubmitAsync(emulator, TimeSpan.Zero)));

        Assert.Equal(2, emulator.Counts.JobsAccepted);
    }

    [Fact]
    public async Task An_image_whose_last_lines_were_cut_off_is_saved_again_at_most_and_billed_once()
    {
        using BananaEmulator emulator = Start(keyLifetime: TimeSpan.Zero);
        await SubmittedAsync(emulator);
        await SaveAsync(emulator);
        byte[] whole = await File.ReadAllBytesAsync(Path, Token);

        await EachCutAsync(whole, lines: 2, () => SaveAsync(emulator));

        Assert.Equal((2, 2), (emulator.Counts.JobsAccepted, Directory.GetFiles(Images).Length));
    }

    private static BananaEmulator Start(TimeSpan? keyLifetime) => BananaEmulator.Start(new BananaEmulatorOptions
    {
        ApiKey = FakeService.Key, GenerationTimeSec = 0, IdempotencyKeyLifetime = keyLifetime ?? TimeSpan.FromHours(24),
    });

    /// <summary>Runs a batch for each number of bytes that a cut can leave of the last lines, from none to all.</summary>
    private async Task EachCutAsync(byte[] whole, int lines, Func<Task> run)
    {
        int first = whole.Length;
        for (int line = 0; line < lines; line++)
        {
            first = Array.LastIndexOf(whole, (byte)'\n', first - 2) + 1;
        }

        for (int length = first; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length], Token);
            await run();
        }
    }

    private async Task<byte[]> SubmittedAsync(BananaEmulator emulator)
    {
        _jobs.AddRange(await SubmitAsync(emulator, emulator.IdempotencyKeyLifetime));
        return await File.ReadAllBytesAsync(Path, Token);
    }

    private async Task<List<string>> SubmitAsync(BananaEmulator emulator, TimeSpan? keyLifetime) =>
        [.. (await RunAsync(emulator, keyLifetime, Task.FromResult)).Select(job => job.JobId)];

    private Task<List<BananaJob>> SaveAsync(BananaEmulator emulator)
    {
        ApiframeClient client = Connect(emulator);
        return RunAsync(emulator, TimeSpan.Zero, async job =>
        {
            BananaJob ended = await new JobWatcher(client, cancellationToken: Token).WaitAsync(job, TimeSpan.FromMinutes(1));
            if (await ImageDownloader.FindSavedAsync(ended) is null)
            {
                ended = ended.IsSettled() ? ended : await client.GetJobAsync(ended, retry: true, Token);
                await new ImageDownloader(client.Connection).SaveAsync(ended, 0, SaveTarget.InFolder(Images, ended, 0), ExistingFile.Keep, Token);
            }

            return ended;
        });
    }

    private async Task<List<BananaJob>> RunAsync(BananaEmulator emulator, TimeSpan? keyLifetime, Func<BananaJob, Task<BananaJob>> then)
    {
        JournalLease lease = new BananaJournal(Path) { KeyLifetime = keyLifetime ?? BananaJournal.DefaultKeyLifetime }.Open();
        JournalRun run = lease.BeginRun();
        ApiframeClient client = Connect(emulator);
        var jobs = new List<BananaJob>();
        foreach (string prompt in Prompts)
        {
            jobs.Add(await then(await client.SubmitAsync(run.Claim(FakeService.Request(prompt)), Token)));
        }

        await lease.ReleaseAsync();
        return jobs;
    }

    private static ApiframeClient Connect(BananaEmulator emulator) =>
        new(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }));
}
