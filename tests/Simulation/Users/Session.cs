using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client;
using Apiframe.Client.Save;
using Apiframe.Client.Wait;
using Simulation.Machine;
using Simulation.Outside;

namespace Simulation.Users;

/// <summary>A process that uses the client, and its output: jobs and errors.</summary>
internal sealed class Session
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly World _world;
    private readonly JobWatcher _watcher;
    private readonly ImageDownloader _downloader;
    private readonly Promises _promises;
    private readonly Inbox? _inbox;
    private readonly Dictionary<string, Func<BananaJob, Task<bool>>> _saves = new(StringComparer.Ordinal);
    private readonly List<Task<bool>> _repeats = [];
    private readonly List<string> _log = [];

    /// <summary>Begins the session. Must be called in the process.</summary>
    /// <param name="world">The world of the history.</param>
    /// <param name="process">The process of the session.</param>
    /// <param name="network">The handler that the client sends requests to.</param>
    /// <param name="apiKey">The API key of the user.</param>
    /// <param name="promises">The checks of jobs.</param>
    /// <param name="inbox">The webhooks, or null if the user receives none.</param>
    public Session(World world, Process process, HttpMessageHandler network, string apiKey, Promises promises, Inbox? inbox = null)
    {
        _promises = promises;
        _inbox = inbox;
        _world = world;
        Process = process;
        var clients = (new HttpClient(network) { Timeout = Timeout.InfiniteTimeSpan }, new HttpClient(network) { Timeout = Timeout.InfiniteTimeSpan });
        var connection = new ApiframeConnection(
            new ApiframeConnectionOptions { ApiKey = apiKey, BaseUri = new Uri("https://api.sim.example") },
            new Apiframe.Client.Connection.Session(clients, process.Clock, new JobDurations(), new HostGates(process.Clock))
            {
                Resolve = _ => Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Parse("203.0.113.7")]),
            });
        Client = new ApiframeClient(connection, attempt => _log.Add(attempt.ToString()));
        var stop = new Apiframe.Client.CancellationTokenSource();
        Stop = stop.Token;
        process.Stop = stop.Cancel;
        _watcher = new JobWatcher(Client, cancellationToken: Stop);
        _downloader = new ImageDownloader(connection, attempt => _log.Add(attempt.ToString()));
    }

    public Process Process { get; }

    public ApiframeClient Client { get; }

    public CancellationToken Stop { get; }

    public List<BananaJob> Jobs { get; } = [];

    public List<Exception> Errors { get; } = [];

    public bool HasDownloaded { get; private set; }

    public IReadOnlyList<string> Verbose => _log;

    /// <summary>Waits for a job, first for its webhook if the user receives webhooks, and saves its image.</summary>
    /// <returns>Whether the image is on disk.</returns>
    public async Task<bool> SaveAsync(BananaJob job, string folder, ExistingFile existing)
    {
        Hold(job);
        // A user who saves what a webhook brings saves it again if it arrives again, even if the first download still runs.
        _saves[job.JobId] = repeated => TryAsync(() => SaveEndedAsync(repeated, folder, existing));
        if (_inbox is null || await _inbox.WaitAsync(this, job) is not { } told)
        {
            _saves.Remove(job.JobId);
            return await SaveEndedAsync(await _watcher.WaitAsync(job, Patience), folder, existing);
        }

        if (_world.Dice.Is(0.3))
        {
            _promises.Agree(told, await _watcher.WaitAsync(job, Patience));
        }

        return await SaveEndedAsync(await _watcher.WaitAsync(told, Patience), folder, existing);
    }

    /// <summary>Receives a webhook. If an earlier one has told the end of its job, and the user waits for it or has saved its image, the image is saved again.</summary>
    public void Receive(Webhook webhook)
    {
        if (!Stop.IsCancellationRequested && _inbox!.ReceiveRepeated(webhook, Client.Connection) is { } job && _saves.TryGetValue(job.JobId, out Func<BananaJob, Task<bool>>? save))
        {
            _world.Tell($"the webhook of job {job.JobId[..8]} has arrived again");
            _repeats.Add(save(job));
        }
    }

    /// <summary>Waits until the images of repeated webhooks are saved.</summary>
    public async Task FinishRepeatsAsync()
    {
        for (int i = 0; i < _repeats.Count; i++)
        {
            await _repeats[i];
        }
    }

    private async Task<bool> SaveEndedAsync(BananaJob done, string folder, ExistingFile existing)
    {
        Hold(done);
        _promises.RequireWebhook(done);
        if (await ImageDownloader.FindSavedAsync(done) is not null)
        {
            return true;
        }

        done.EnsureCompleted();
        SaveTarget target = SaveTarget.InFolder(folder, done, 0);
        if (existing != ExistingFile.Keep || target.ExistingImage() is null)
        {
            await _downloader.SaveAsync(done, 0, target, existing, Stop);
            HasDownloaded = true;
        }

        return true;
    }

    /// <summary>Runs work for one image, and stores its error.</summary>
    /// <returns>Whether the image is on disk.</returns>
    public async Task<bool> TryAsync(Func<Task<bool>> work, Action<ApiframeException>? failed = null)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            Fail(e);
            if (e is ApiframeException failure)
            {
                failed?.Invoke(failure);
            }

            return false;
        }
    }

    public void Hold(BananaJob job) => Jobs.Add(job);

    private void Fail(Exception e)
    {
        Errors.Add(e);
        _world.Tell($"error: {(e is ApiframeException known ? known.Kind.ToString() : e.GetType().Name)}: {e.Message}");
        if (e is ApiframeException { Job: { } job })
        {
            Hold(job);
        }
    }
}
