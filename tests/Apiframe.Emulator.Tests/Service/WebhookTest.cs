using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>An emulator whose time and pauses are the test's. Jobs take exactly 10 seconds.</summary>
internal sealed class WebhookTest : IDisposable
{
    private readonly FakePause _pause = new();

    public WebhookTest(
        EmulatorWebhookSignature signature = EmulatorWebhookSignature.RawBytes,
        double failureRate = 0,
        EmulatorRequestForm form = EmulatorRequestForm.Both) => Service = new TestEmulator(
            new BananaEmulatorOptions
            {
                ApiKey = TestEmulator.ApiKey,
                GenerationTimeSec = 10,
                GenerationTimeSpread = 0,
                FailureRate = failureRate,
                RequestForm = form,
                WebhookSignature = signature,
            },
            _pause);

    public TestEmulator Service { get; }

    /// <summary>How many pauses have begun that the test has not looked at.</summary>
    public int PausesBegun => _pause.Begun;

    /// <param name="url">Where the events go.</param>
    /// <param name="events">None for those that are sent when nothing else was asked for.</param>
    /// <returns>The id of the job.</returns>
    public Task<string> SubmitAsync(string url, params string[] events)
    {
        var body = new JsonObject { ["model"] = "nano-banana-2", ["prompt"] = "x", ["webhookUrl"] = url };
        if (events.Length > 0)
        {
            body["webhookEvents"] = new JsonArray([.. Array.ConvertAll(events, name => JsonValue.Create(name))]);
        }

        return Service.SubmitAsync(body.ToJsonString());
    }

    /// <summary>Lets the time pass for which the delivery waits next, and asserts that it is this long.</summary>
    public async Task PassAsync(double seconds)
    {
        Assert.Equal(seconds, await PausesForAsync());
        Service.Clock.Advance(seconds);
        _pause.End();
    }

    /// <summary>Asserts that an attempt has begun, which watches the time it takes.</summary>
    public async Task BeginsAsync() => Assert.Equal(5, await PausesForAsync());

    public async Task<string?> StatusAsync(string id) => (string?)(await Service.JobAsync(id))["webhookStatus"];

    /// <summary>Asks for the job until its webhook is neither on the way nor to come.</summary>
    public async Task<string?> SettledAsync(string id)
    {
        while (await StatusAsync(id) is var status)
        {
            if (status != "pending")
            {
                return status;
            }
        }

        return null;
    }

    public void Dispose() => Service.Dispose();

    private async Task<double> PausesForAsync() => (await _pause.BegunAsync()).TotalSeconds;
}
