using System;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Apiframe.Client.Save;
using Apiframe.Client.Submit;
using Apiframe.Client.Wait;

namespace Apiframe.Client.Connection;

/// <summary>What the calls of one connection share, and what they learn of the service and of image hosts. Safe to share between threads.</summary>
internal sealed class Session
{
    private readonly Random _random = new();

    /// <param name="clients">For the service, and for image hosts, which are not the service and never see the key.</param>
    /// <param name="clock">Time for everything that waits.</param>
    /// <param name="durations">How long jobs take.</param>
    /// <param name="imageHosts">The waits that image hosts ask for.</param>
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

    /// <summary>The wait that the service asked this account for.</summary>
    public RateGate RateGate { get; }

    public HostGates ImageHosts { get; }

    /// <summary>The request form that the service takes, once it is known.</summary>
    public RequestFormChoice RequestForm { get; } = new();

    /// <summary>Finds the addresses of an image host.</summary>
    public Func<string, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Uniform in [0, 1).</summary>
    public double NextRandom()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}
