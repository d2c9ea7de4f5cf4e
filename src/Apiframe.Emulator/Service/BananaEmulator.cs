using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Emulator.Faults;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator;

/// <summary>The Apiframe v2 service on loopback: real HTTP and real image files, without an account and without cost.</summary>
/// <remarks>Accepts connections only from this computer. Its state is lost when it stops.</remarks>
public sealed class BananaEmulator : IDisposable
{
    private readonly BananaEmulatorOptions _options;
    private readonly HttpServer _server;
    private readonly JobStore _jobs;
    private readonly WebhookSender _webhooks;
    private readonly LiveCounts _counts = new();

    internal BananaEmulator(BananaEmulatorOptions options, Func<DateTimeOffset> clock, Func<TimeSpan, CancellationToken, Task>? pause = null)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        OptionsCheck.Check(options);
        Faults = EmulatorFaults.CheckedRates(nameof(options.Faults), options.Faults);
        StartedAt = clock();
        PlainApiKey = options.ApiKey ?? "afk_emulator_" + Guid.NewGuid().ToString("N");
        ApiKey = new NetworkCredential(string.Empty, PlainApiKey).SecurePassword;
        ApiKey.MakeReadOnly();

        // A fault redirects to localhost, which can resolve to either loopback address.
        _server = new HttpServer(IPAddress.Loopback, options.Port, Faults.ContainsKey(FaultTable.DownloadRedirect) ? IPAddress.IPv6Loopback : null, pause);
        BaseUri = UriOf("127.0.0.1");
        var filesUri = new Uri(BaseUri, Route.FilesPath);
        var faultDuration = Time(FaultDurationSec);
        var planner = new JobPlanner(GenerationTimeSec, GenerationTimeSpread, FailureRate, Seed, options.Progress, JobFaultOf, options.ImageLifetime);
        var prices = new PriceList(options.CreditCost);
        var json = new JobJson(filesUri);
        var rules = new SubmissionRules(options.ConcurrentJobs, options.IdempotencyKeyLifetime, options.AllowKeyReuse, options.RefuseAfter);
        _jobs = new JobStore(planner, options.Credits, rules, clock) { Refusal = options.Refusal };
        _webhooks = new WebhookSender(json, body => WebhookSignature.Of(body, PlainApiKey, options.WebhookSignature), _counts, clock, pause ?? Task.Delay);
        var uploads = new UploadEndpoint(Time(options.UploadLifetimeSec), filesUri, clock);
        var files = new FilesEndpoint(_jobs, uploads, options.ImageBytes);
        var sources = new SourceImages(files, _server.Port);
        var jobs = new JobsEndpoint(_jobs, json, options.HideInput);
        var account = new AccountEndpoint(_jobs, PlainApiKey, options.ConcurrentJobs);
        var service = new ApiframeService(
            PlainApiKey,
            new RequestLimit(options.RequestsPerMinute, clock),
            options.HideErrorDetails,
            new Dictionary<Endpoint, Func<Route, HttpResponse>>
            {
                [Endpoint.Generate] = Submit(new Generation(RequestForm, prices, sources)),
                [Endpoint.Upscale] = Submit(new FollowUps(probes: true, prices, sources, FollowUps.Upscalers)),
                [Endpoint.RemoveBackground] = Submit(new FollowUps(probes: false, prices, sources, FollowUps.BackgroundRemovers)),
                [Endpoint.Uploads] = uploads.Answer,
                [Endpoint.Jobs] = jobs.AnswerList,
                [Endpoint.Job] = jobs.AnswerJob,
                [Endpoint.Account] = _ => account.Answer(),
                [Endpoint.Models] = new ModelsEndpoint(prices).Answer,
                [Endpoint.File] = files.Answer,
            });
        var context = new FaultContext(
            faultDuration, clock, () => _server.RefuseConnections(faultDuration), jobs.AnswerOtherThan, UriOf("localhost"));
        var faulty = new FaultyService(service.Answer, Faults, Seed, context, _counts.AddFault);
        _server.Start(request => Task.FromResult(Answer(Route.Of(request), faulty)));

        Func<Route, HttpResponse> Submit(ISubmissions kind) => new SubmitEndpoint(kind, _jobs, options.IgnoreUnknownFields, _webhooks, _counts).Answer;

        JobFault? JobFaultOf(long ordinal)
        {
            if (FaultTable.Jobs.Draw(Faults, Seed, ordinal) is not var (name, fault, _))
            {
                return null;
            }

            _counts.AddFault(name);
            return fault(faultDuration);
        }
    }

    /// <summary>The address of the service: <c>http://127.0.0.1:PORT</c>, with the port of the options or a free port.</summary>
    public Uri BaseUri { get; }

    /// <summary>The API key that the emulator accepts, as a secure string so that printing this object does not show it.</summary>
    public SecureString ApiKey { get; }

    /// <summary>The mean time of a job, in seconds.</summary>
    public double GenerationTimeSec => _options.GenerationTimeSec;

    /// <summary>The maximum deviation of the time of a job from the mean, as a fraction of the mean.</summary>
    public double GenerationTimeSpread => _options.GenerationTimeSpread;

    /// <summary>The fraction of jobs that end as FAILED.</summary>
    public double FailureRate => _options.FailureRate;

    /// <summary>The seed of the random numbers.</summary>
    public int Seed => _options.Seed;

    /// <summary>The request form that is accepted.</summary>
    public EmulatorRequestForm RequestForm => _options.RequestForm;

    /// <summary>The time for which an idempotency key is known.</summary>
    public TimeSpan IdempotencyKeyLifetime => _options.IdempotencyKeyLifetime;

    /// <summary>The rates of the faults, by the names of <see cref="EmulatorFaults"/>.</summary>
    public IReadOnlyDictionary<string, double> Faults { get; }

    /// <summary>The duration of faults that last for a time, in seconds.</summary>
    public double FaultDurationSec => _options.FaultDurationSec;

    /// <summary>How submissions are rejected after <see cref="RefuseAfter"/> jobs have been accepted. Can be set at any time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public EmulatorRefusal Refusal
    {
        get => _jobs.Refusal;
        set
        {
            OptionsCheck.CheckChoice(nameof(Refusal), value);
            _jobs.Refusal = value;
        }
    }

    /// <summary>The number of jobs that are accepted before <see cref="Refusal"/> applies.</summary>
    public int RefuseAfter => _options.RefuseAfter;

    /// <summary>The current credit balance.</summary>
    public long Credits => _jobs.Billing().Balance;

    /// <summary>The time when the emulator was started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Whether the emulator is running.</summary>
    public bool IsRunning => _server.IsRunning;

    /// <summary>The counts of requests, jobs, and credits so far. Each read returns a new snapshot.</summary>
    public EmulatorCounts Counts => _counts.Snapshot(_jobs.Billing());

    internal string PlainApiKey { get; }

    /// <summary>Starts an emulator on the loopback address.</summary>
    /// <param name="options">The options of the emulator.</param>
    /// <returns>The running emulator. Stop or dispose of it after use.</returns>
    /// <exception cref="ArgumentNullException">The options are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is in use, or the system does not allow its use.</exception>
    public static BananaEmulator Start(BananaEmulatorOptions options) => new(options, () => DateTimeOffset.UtcNow);

    /// <summary>Increases the credit balance, as a purchase does. Submissions that the balance covers are accepted again.</summary>
    /// <param name="credits">The number of credits to add, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public void AddCredits(int credits)
    {
        OptionsCheck.CheckRange(nameof(credits), credits, int.MaxValue, "0 or more");
        _jobs.AddCredits(credits);
    }

    /// <summary>Closes the listener and all connections, and ends the delivery of webhooks, at once. Can be called more than once.</summary>
    public void Stop()
    {
        _server.Dispose();
        _webhooks.Dispose();
    }

    /// <summary>Stops the emulator.</summary>
    public void Dispose() => Stop();

    /// <summary>Returns the type of the object and its address.</summary>
    public override string ToString() => "BananaEmulator " + BaseUri.GetLeftPart(UriPartial.Authority);

    private HttpResponse Answer(Route route, FaultyService service)
    {
        _counts.AddRequest(route);
        var response = service.Answer(route);
        if (response.Status >= 400)
        {
            _counts.Add(counts => counts.Refusals++);
        }

        return response;
    }

    private static TimeSpan Time(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));

    private Uri UriOf(string host) => new($"http://{host}:{_server.Port.ToString(CultureInfo.InvariantCulture)}");
}
