using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Faults;
using Apiframe.Emulator.Http;
using Apiframe.Emulator.Jobs;
using Apiframe.Emulator.Uploads;
using Apiframe.Emulator.Webhooks;

namespace Apiframe.Emulator;

/// <summary>The Apiframe v2 service on loopback: real HTTP and real image files, without an account and without cost.</summary>
/// <remarks>Takes connections from this machine only. Everything it knows is gone when it stops.</remarks>
public sealed class BananaEmulator : IDisposable
{
    private readonly HttpServer _server;
    private readonly JobStore _jobs;
    private readonly WebhookDispatcher _webhooks;
    private readonly RequestTally _tally = new();
    private readonly FaultTally _faultTally = new();

    internal BananaEmulator(BananaEmulatorOptions options, Func<DateTimeOffset> clock, Func<TimeSpan, CancellationToken, Task>? pause = null)
    {
        if (options is null)
        {
            throw new ArgumentNullException(nameof(options));
        }

        OptionsGuard.Check(options);
        PlainApiKey = options.ApiKey ?? EmulatorKey.New();
        ApiKey = EmulatorKey.Protect(PlainApiKey);
        GenerationTimeSec = options.GenerationTimeSec;
        GenerationTimeSpread = options.GenerationTimeSpread;
        FailureRate = options.FailureRate;
        Seed = options.Seed;
        RequestForm = options.RequestForm;
        Faults = FaultRates.Checked(nameof(options.Faults), options.Faults);
        FaultDurationSec = options.FaultDurationSec;
        StartedAt = clock();

        // A redirect leads to localhost, and that may be either address.
        _server = new HttpServer(IPAddress.Loopback, Faults.ContainsKey(FaultGroups.DownloadRedirect) ? IPAddress.IPv6Loopback : null, pause);
        BaseUri = UriOf("127.0.0.1");
        var faultContext = FaultContext(clock);
        var jobFaults = new JobFaults(FaultGroups.Jobs.Dice(Faults, Seed, faultContext), _faultTally);
        var planner = new JobPlanner(GenerationTimeSec, GenerationTimeSpread, FailureRate, Seed, options.Progress, jobFaults);
        var prices = new PriceList(options.CreditCost);
        _jobs = new JobStore(planner, prices, new CreditLedger(options.Credits), options.ConcurrentJobs, clock);
        var uploads = new UploadStore(options.UploadLifetimeSec, clock);
        var files = new FilesEndpoint(_jobs, uploads, options.ImageBytes);
        var jobJson = new JobJson(BaseUri);
        var webhookClient = new WebhookClient(new WebhookSigner(PlainApiKey, options.WebhookSignature));
        _webhooks = new WebhookDispatcher(new WebhookBody(jobJson), webhookClient, _tally.WebhookDelivered, clock, pause);
        var limit = new RequestLimit(options.RequestsPerMinute, StartedAt);
        var api = new EmulatorApi(
            PlainApiKey,
            () => limit.SecondsToWait(clock()),
            new GenerateEndpoint(_jobs, RequestForm, new ImageInputs(BaseUri, files.Has), _webhooks, _tally),
            new JobsEndpoint(_jobs, jobJson),
            new ModelsEndpoint(prices),
            new AccountEndpoint(_jobs, PlainApiKey, options.ConcurrentJobs),
            new UploadEndpoint(uploads, BaseUri),
            files);
        Func<HttpRequest, HttpResponse> service = options.HideErrorDetails ? new BareRefusals(api.Answer).Answer : api.Answer;
        var answer = Faults.Count == 0 ? service : FaultyApi(service, faultContext).Answer;
        _server.Start(new RequestCounter(_tally, answer).HandleAsync);
    }

    /// <summary>Where the service answers: <c>http://127.0.0.1:PORT</c>, on a port the system chose.</summary>
    public Uri BaseUri { get; }

    /// <summary>The API key it takes, protected so that printing this object shows none.</summary>
    public SecureString ApiKey { get; }

    /// <summary>Mean time of a job, in seconds.</summary>
    public double GenerationTimeSec { get; }

    /// <summary>How far a job's time may lie from the mean, as a share of it.</summary>
    public double GenerationTimeSpread { get; }

    /// <summary>Share of jobs that end FAILED.</summary>
    public double FailureRate { get; }

    /// <summary>Start of the random numbers.</summary>
    public int Seed { get; }

    /// <summary>The request form taken.</summary>
    public EmulatorRequestForm RequestForm { get; }

    /// <summary>What goes wrong and at which rate, by the names of <see cref="EmulatorFaults"/>.</summary>
    public IReadOnlyDictionary<string, double> Faults { get; }

    /// <summary>How long faults that last hold on, in seconds.</summary>
    public double FaultDurationSec { get; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Whether it still answers.</summary>
    public bool IsRunning => _server.IsRunning;

    /// <summary>What it has seen and done so far. Each read takes a new snapshot.</summary>
    public EmulatorCounts Counts => _tally.Snapshot(_jobs.Billing(), _faultTally);

    internal string PlainApiKey { get; }

    /// <summary>Starts a service on a free port of the loopback address.</summary>
    /// <param name="options">How it behaves.</param>
    /// <returns>The running service. Stop or dispose it when done.</returns>
    /// <exception cref="ArgumentNullException">No options.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static BananaEmulator Start(BananaEmulatorOptions options) => new(options, () => DateTimeOffset.UtcNow);

    /// <summary>Closes the listener and all connections and ends the delivery of webhooks, at once. May be called again.</summary>
    public void Stop()
    {
        _server.Dispose();
        _webhooks.Dispose();
    }

    /// <summary>Stops the service.</summary>
    public void Dispose() => Stop();

    /// <summary>The kind of object and its address.</summary>
    public override string ToString() => "BananaEmulator " + BaseUri.GetLeftPart(UriPartial.Authority);

    private FaultContext FaultContext(Func<DateTimeOffset> clock)
    {
        var duration = TimeSpan.FromMilliseconds(Math.Round(FaultDurationSec * 1000));
        return new FaultContext
        {
            Duration = duration,
            Clock = clock,
            OtherJob = id => _jobs.Other(id),
            RefuseConnections = () => _server.RefuseConnections(duration),
            OtherUri = UriOf("localhost"),
        };
    }

    private FaultyApi FaultyApi(Func<HttpRequest, HttpResponse> service, FaultContext context) => new(
        service, FaultGroups.Requests.Dice(Faults, Seed, context), FaultGroups.Downloads.Dice(Faults, Seed, context), context.ChangedFiles, _faultTally);

    private Uri UriOf(string host) => new($"http://{host}:{_server.Port.ToString(CultureInfo.InvariantCulture)}");
}
