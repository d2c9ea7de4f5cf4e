using System;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Submit;
using Apiframe.Client.Wait;

namespace Apiframe.Client.Connection;

/// <summary>
/// The state that the calls of a connection share: what they have learned about the service and image hosts. Safe to use from several threads.
/// </summary>
internal sealed class Session
{
    private readonly Random _random = new();

    /// <param name="clients">The clients for the service, and for image hosts, which never get the key.</param>
    /// <param name="clock">The clock for all waits.</param>
    /// <param name="durations">The durations of jobs.</param>
    /// <param name="imageHosts">The holds of image hosts.</param>
    public Session((HttpClient Api, HttpClient Downloads) clients, Clock clock, JobDurations durations, HostGates imageHosts)
    {
        (Api, Downloads) = clients;
        Clock = clock;
        Durations = durations;
        ImageHosts = imageHosts;
        RateGate = new RateGate(clock);
    }

    public HttpClient Api { get; }

    public HttpClient Downloads { get; }

    public Clock Clock { get; }

    public JobDurations Durations { get; }

    /// <summary>Controls when calls to the service are sent.</summary>
    public RateGate RateGate { get; }

    public HostGates ImageHosts { get; }

    /// <summary>The request form that the service accepts.</summary>
    public RequestFormChoice RequestForm { get; } = new();

    /// <summary>Resolves the host name of an image host.</summary>
    public Func<string, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Returns a uniform random number from 0 (inclusive) to 1 (exclusive).</summary>
    public double NextRandom()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}
