using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>An emulator whose time and pauses the test controls. The jobs take exactly 10 seconds.</summary>
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

    /// <summary>The number of pauses that have begun and that the test has not read yet.</summary>
    public int PausesBegun => _pause.Begun;

    /// <param name="url">The address that receives the events.</param>
    /// <param name="events">The requested events. Without any, the default events are sent.</param>
    /// <returns>The ID of the job.</returns>
    public Task<string> SubmitAsync(string url, params string[] events)
    {
        var body = new JsonObject { ["model"] = "nano-banana-2", ["prompt"] = "x", ["webhookUrl"] = url };
        if (events.Length > 0)
        {
            body["webhookEvents"] = new JsonArray([.. Array.ConvertAll(events, name => JsonValue.Create(name))]);
        }

        return Service.SubmitAsync(body.ToJsonString());
    }

    /// <summary>Advances the clock by the next pause of the delivery, and asserts the duration of that pause.</summary>
    public async Task PassAsync(double seconds)
    {
        Assert.Equal(seconds, await PausesForAsync());
        Service.Clock.Advance(seconds);
        _pause.End();
    }

    /// <summary>Asserts that an attempt has begun, by the pause that limits its duration.</summary>
    public async Task BeginsAsync() => Assert.Equal(5, await PausesForAsync());

    public async Task<string?> StatusAsync(string id) => (string?)(await Service.JobAsync(id))["webhookStatus"];

    /// <summary>Requests the job until its webhook is neither pending nor being delivered, and returns the status of the webhook.</summary>
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
