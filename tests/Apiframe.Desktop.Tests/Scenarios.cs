using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Journal;
using Apiframe.Client.Save;
using Apiframe.Client.Wait;
using Apiframe.Client.Webhooks;
using Apiframe.Emulator;

namespace Apiframe.Desktop.Tests;

/// <summary>Checks each promise once, with the client and the emulator on loopback.</summary>
internal static class Scenarios
{
    private const string Key = "afk_0123456789abcdef0123456789abcdef01234567";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public static (string Name, Func<Task> Run)[] All(string stagedModule) =>
    [
        ("The JSON library is the one of the module", () => UsesItsOwnLibraries(stagedModule)),
        ("Prompts become files of every format, billed once each", MakeEveryFormat),
        ("A download that breaks off goes on where it was", ResumeDownload),
        ("Metadata tells how an image was made", KeepMetadata),
        ("The list of jobs is paged to its end", ListJobs),
        ("A local file is uploaded and is the reference of an image", Upload),
        ("A finished image is edited by prompt, and enlarged", Edit),
        ("A batch that is run again with its journal costs nothing", RunAgainWithJournal),
        ("A prompt that is submitted again under its scope gets its job back", SubmitAgainUnderScope),
        ("A signed webhook becomes a job", ReadWebhook),
        ("Canceling ends a wait", CancelWait),
        ("A response that stops after its headers ends with its timeout", () => Stall("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")),
        ("A response that stops in its body ends with its timeout", () => Stall("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{ \"id\":")),
        ("Canceling ends a request whose response has stopped", CancelStalled),
        ("An image that stops is a failed download", StallDownload),
        ("A service that refuses connections has billed nothing", RefuseConnection),
        ("Of 20 submissions to a port that closes, at most the one that closed it has an unknown outcome", CountUnknown),
        ("Whatever goes wrong, one bill and one file for each prompt", SurviveFaults),
    ];

    private static async Task UsesItsOwnLibraries(string stagedModule)
    {
        using BananaEmulator emulator = Start();
        await Connect(emulator).GetAccountAsync().ConfigureAwait(false);

        string json = AppDomain.CurrentDomain.GetAssemblies().Single(one => one.GetName().Name == "System.Text.Json").Location;
        Equal(Path.Combine(Path.GetFullPath(stagedModule), "desktop", "System.Text.Json.dll"), Path.GetFullPath(json));
    }

    private static async Task MakeEveryFormat()
    {
        using BananaEmulator emulator = Start();
        using var folder = new TemporaryFolder();
        ApiframeClient client = Connect(emulator);
        var watcher = new JobWatcher(client);
        string[] formats = ["jpg", "png", "webp"];

        FileInfo[] files = await Task.WhenAll(formats.Select(async format =>
            await SaveAsync(client, await MakeAsync(client, watcher, Request("kite") with { OutputFormat = format }).ConfigureAwait(false), folder).ConfigureAwait(false)))
            .ConfigureAwait(false);

        Equal(".jpg.png.webp", string.Concat(files.Select(file => file.Extension).OrderBy(extension => extension, StringComparer.Ordinal)));
        Equal((3, 0), (emulator.Counts.ImagesBilled, emulator.Counts.KeysSentToDownloads));
    }

    private static async Task ResumeDownload()
    {
        using BananaEmulator emulator = Start(new() { ["DownloadCut"] = 0.5 });
        using var folder = new TemporaryFolder();
        ApiframeClient client = Connect(emulator);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
            await SaveAsync(client, await MakeAsync(client, new JobWatcher(client), Request($"kite {i}")).ConfigureAwait(false), folder).ConfigureAwait(false)))
            .ConfigureAwait(false);

        Equal(4, Directory.GetFiles(folder.Path).Length);
        True(emulator.Counts.FaultsByName["DownloadCut"] > 0, "No download was cut.");
    }

    private static async Task KeepMetadata()
    {
        using BananaEmulator emulator = Start();
        using var folder = new TemporaryFolder();
        ApiframeClient client = Connect(emulator);
        BananaJob job = await MakeAsync(client, new JobWatcher(client), Request("Zürich 🍌 \"quoted\"\nnext")).ConfigureAwait(false);
        FileInfo file = await SaveAsync(client, job, folder).ConfigureAwait(false);

        ImageMetadata.Write(file, job, 0, replace: false);

        Equal((job.JobId, job.Prompt), (ImageMetadata.Read(file.FullName)?.JobId, ImageMetadata.Read(file.FullName)?.Prompt));
    }

    private static async Task ListJobs()
    {
        using BananaEmulator emulator = Start();
        ApiframeClient client = Connect(emulator);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => client.SubmitAsync(Request($"kite {i}")))).ConfigureAwait(false);

        JobPage first = await client.ListJobsAsync(new JobFilter(), 3).ConfigureAwait(false);
        JobPage second = await client.ListJobsAsync(new JobFilter(), 3, first.NextCursor).ConfigureAwait(false);

        Equal((5, null), (first.Jobs.Concat(second.Jobs).Select(job => job.JobId).Distinct().Count(), second.NextCursor));
    }

    private static async Task Upload()
    {
        using BananaEmulator emulator = Start();
        using var folder = new TemporaryFolder();
        ApiframeClient client = Connect(emulator);
        FileInfo file = await SaveAsync(client, await MakeAsync(client, new JobWatcher(client), Request("kite")).ConfigureAwait(false), folder).ConfigureAwait(false);

        await MakeAsync(client, new JobWatcher(client), Request("the same, at night") with { ReferenceImage = [file.FullName] }).ConfigureAwait(false);

        Equal((1, 2), (emulator.Counts.Uploads, emulator.Counts.ImagesBilled));
    }

    private static async Task Edit()
    {
        using BananaEmulator emulator = Start();
        ApiframeClient client = Connect(emulator);
        BananaJob first = await MakeAsync(client, new JobWatcher(client), Request("kite")).ConfigureAwait(false);

        BananaJob second = await MakeAsync(
            client, new JobWatcher(client), Request("the same, at night") with { ReferenceImage = [.. first.ImageUrls.Select(url => url.AbsoluteUri)] }).ConfigureAwait(false);

        BananaJob third = await MakeAsync(client, new JobWatcher(client), new SubmitRequest
        {
            Prompt = string.Empty, ReferenceImage = [first.ImageUrls.Single().AbsoluteUri], Edit = new ImageEdit { Upscale = 2 },
        }).ConfigureAwait(false);

        Equal(first.ImageUrls.Single().AbsoluteUri, second.ReferenceImage?.Single());
        Equal((3, ImageEdit.Upscalers[0]), (emulator.Counts.ImagesBilled, third.Model));
    }

    private static async Task RunAgainWithJournal()
    {
        using BananaEmulator emulator = Start();
        using var folder = new TemporaryFolder();
        ApiframeClient client = Connect(emulator);
        var journal = new BananaJournal(Path.Combine(folder.Path, "autumn.jsonl"));
        long requests = 0;
        for (int run = 0; run < 2; run++)
        {
            requests = emulator.Counts.Requests;
            using JournalLease lease = journal.Open();
            JournalRun batch = lease.BeginRun();
            foreach (string prompt in new[] { "a kite", "a kite", "a lighthouse" })
            {
                using JournalClaim claim = batch.Claim(Request(prompt));
                BananaJob job = await client.SubmitAsync(claim).ConfigureAwait(false);
                if (await ImageDownloader.FindSavedAsync(job).ConfigureAwait(false) is null)
                {
                    await SaveAsync(client, await new JobWatcher(client).WaitAsync(job, Patience).ConfigureAwait(false), folder).ConfigureAwait(false);
                }
            }

            await lease.ReleaseAsync().ConfigureAwait(false);
        }

        Equal((3, requests), (emulator.Counts.ImagesBilled, emulator.Counts.Requests));
    }

    private static async Task SubmitAgainUnderScope()
    {
        using BananaEmulator emulator = Start();
        ApiframeClient client = Connect(emulator);

        BananaJob first = await client.SubmitAsync(new IdempotencyScope("autumn").Claim(Request("kite"))).ConfigureAwait(false);
        BananaJob second = await client.SubmitAsync(new IdempotencyScope("autumn").Claim(Request("kite"))).ConfigureAwait(false);

        Equal((first.JobId, 1), (second.JobId, emulator.Counts.ImagesBilled));
    }

    private static Task ReadWebhook()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{ "event": "completed", "id": "7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", "status": "COMPLETED" }""");
        using var sha = SHA256.Create();
        using var hmac = new HMACSHA256(sha.ComputeHash(Encoding.UTF8.GetBytes(Key)));
        string signature = "sha256=" + string.Concat(hmac.ComputeHash(body).Select(one => one.ToString("x2", null)));

        Equal(Key, WebhookSignature.Verify(body, signature, [Key]));
        Equal("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90", WebhookEvent.Read(body, new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = Key })).Job.JobId);
        return Task.CompletedTask;
    }

    private static async Task CancelWait()
    {
        using BananaEmulator emulator = BananaEmulator.Start(new BananaEmulatorOptions { ApiKey = Key, GenerationTimeSec = 600 });
        using var stop = new CancellationTokenSource();
        ApiframeClient client = Connect(emulator);
        Task wait = new JobWatcher(client, 8, stop.Token).WaitAsync(await client.SubmitAsync(Request("kite")).ConfigureAwait(false), TimeSpan.FromMinutes(10));

        stop.Cancel();

        await ThrowsAsync<OperationCanceledException>(wait).ConfigureAwait(false);
    }

    private static async Task Stall(string beginning)
    {
        using var server = new StuckServer(beginning);
        ApiframeException e = await ThrowsAsync<ApiframeException>(Connect(server.Address, 0.5).GetAccountAsync()).ConfigureAwait(false);

        Equal(ApiframeErrorKind.RequestTimeout, e.Kind);
    }

    private static async Task CancelStalled()
    {
        using var server = new StuckServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
        using var stop = new CancellationTokenSource();
        Task<BananaAccount> request = Connect(server.Address).GetAccountAsync(stop.Token);
        await server.Answered.ConfigureAwait(false);

        stop.Cancel();

        await ThrowsAsync<OperationCanceledException>(request).ConfigureAwait(false);
    }

    private static async Task StallDownload()
    {
        using var server = new StuckServer("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 100\r\n\r\n\u0089PNG");
        using var folder = new TemporaryFolder();
        var downloader = new ImageDownloader(new ApiframeConnection(new ApiframeConnectionOptions
        {
            ApiKey = Key, RequestTimeout = TimeSpan.FromSeconds(0.5), DownloadTimeout = TimeSpan.Zero,
        }));

        ApiframeException e = await ThrowsAsync<ApiframeException>(
            downloader.SaveAsync(server.Address, SaveTarget.InFolder(folder.Path, "1"), ExistingFile.Refuse)).ConfigureAwait(false);

        Equal(ApiframeErrorKind.DownloadFailed, e.Kind);
    }

    private static async Task RefuseConnection()
    {
        BananaEmulator emulator = Start();
        emulator.Stop();
        Uri nowhere = new($"http://nowhere.invalid");
        foreach (Uri address in new[] { emulator.BaseUri, nowhere })
        {
            var client = new ApiframeClient(new ApiframeConnection(new ApiframeConnectionOptions
            {
                ApiKey = Key, BaseUri = address, AllowUnencryptedAuthentication = true, MaximumRetryCount = 0,
            }));
            ApiframeException e = await ThrowsAsync<ApiframeException>(client.SubmitAsync(Request("kite"))).ConfigureAwait(false);

            Equal(ApiframeErrorKind.Network, e.Kind);
        }
    }

    private static async Task CountUnknown()
    {
        // The first request closes the port for longer than the scenario takes. No later one can have reached the service.
        using BananaEmulator emulator = BananaEmulator.Start(
            new BananaEmulatorOptions { ApiKey = Key, Seed = 1, Faults = new Dictionary<string, double> { ["ConnectionRefused"] = 1 }, FaultDurationSec = 60 });
        ApiframeClient client = Connect(emulator.BaseUri, 5);
        var kinds = new List<ApiframeErrorKind>();
        for (int i = 0; i < 20; i++)
        {
            kinds.Add((await ThrowsAsync<ApiframeException>(client.SubmitAsync(Request($"kite {i}"))).ConfigureAwait(false)).Kind);
        }

        int unknown = kinds.Count(kind => kind == ApiframeErrorKind.SubmissionUnknown);
        True(unknown <= 1, $"{unknown} of 20 outcomes are unknown.");
        Equal(20 - unknown, kinds.Count(kind => kind == ApiframeErrorKind.Network));
    }

    private static async Task SurviveFaults()
    {
        // The faults that end a job or permanently remove its image are excluded.
        Dictionary<string, double> faults = EmulatorFaults.Names.Except(["JobFailed", "JobCancelled", "JobUnavailable", "JobExpired"]).ToDictionary(name => name, _ => 0.01);
        using BananaEmulator emulator = Start(faults);
        using var folder = new TemporaryFolder();
        ApiframeClient client = Connect(emulator);
        var watcher = new JobWatcher(client);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
            await SaveAsync(client, await MakeAsync(client, watcher, Request($"kite {i}")).ConfigureAwait(false), folder).ConfigureAwait(false)))
            .ConfigureAwait(false);

        Equal((30, 30), (emulator.Counts.ImagesBilled, Directory.GetFiles(folder.Path).Length));
        True(emulator.Counts.Faults > 5, $"Only {emulator.Counts.Faults} faults were played.");
    }

    private static SubmitRequest Request(string prompt) => new() { Prompt = prompt, Resolution = "512px" };

    private static BananaEmulator Start(Dictionary<string, double>? faults = null) => BananaEmulator.Start(
        new BananaEmulatorOptions { ApiKey = Key, GenerationTimeSec = 0.1, Seed = 1, Faults = faults ?? [], FaultDurationSec = 0.1 });

    private static ApiframeClient Connect(BananaEmulator emulator) => Connect(emulator.BaseUri);

    private static ApiframeClient Connect(Uri address, double? timeoutSec = null) => new(new ApiframeConnection(new ApiframeConnectionOptions
    {
        ApiKey = Key,
        BaseUri = address,
        RequestTimeout = TimeSpan.FromSeconds(timeoutSec ?? 5),
        MaximumRetryCount = timeoutSec is null ? 20 : 0,
    }));

    private static async Task<BananaJob> MakeAsync(ApiframeClient client, JobWatcher watcher, SubmitRequest request)
    {
        BananaJob job = await watcher.WaitAsync(await client.SubmitAsync(request).ConfigureAwait(false), Patience).ConfigureAwait(false);
        job.EnsureCompleted();
        return job;
    }

    private static Task<FileInfo> SaveAsync(ApiframeClient client, BananaJob job, TemporaryFolder folder) => new ImageDownloader(client.Connection).SaveAsync(
        job, 0, SaveTarget.InFolder(folder.Path, FileNames.BaseName(job, 0)), ExistingFile.Refuse);

    private static void Equal<T>(T expected, T actual) => True(Equals(expected, actual), $"{expected} was expected, and it is {actual}.");

    private static void True(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    private static async Task<T> ThrowsAsync<T>(Task work)
        where T : Exception
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (T e)
        {
            return e;
        }

        throw new InvalidOperationException($"{typeof(T).Name} was expected.");
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public TemporaryFolder() => Directory.CreateDirectory(Path);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>A server that sends the beginning of a response to each client and then sends nothing more.</summary>
    private sealed class StuckServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TcpClient? _client;

        public StuckServer(string beginning)
        {
            _listener.Start();
            _ = AnswerAsync(beginning);
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public Task Answered => _answered.Task;

        public void Dispose()
        {
            _listener.Stop();
            _client?.Dispose();
        }

        private async Task AnswerAsync(string beginning)
        {
            _client = await _listener.AcceptTcpClientAsync().ConfigureAwait(false);
            var request = new byte[4096];
            await _client.GetStream().ReadAsync(request, 0, request.Length).ConfigureAwait(false);
            byte[] bytes = beginning.Select(character => (byte)character).ToArray();
            await _client.GetStream().WriteAsync(bytes, 0, bytes.Length).ConfigureAwait(false);
            _answered.TrySetResult(true);
        }
    }
}
