using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Emulator.Server;
using Apiframe.Emulator.Service;
using Xunit;

namespace Apiframe.Emulator.Tests.Service;

/// <summary>Tests what happens if a receiver does not accept an event, and which addresses no event is sent to.</summary>
public sealed class WebhookDeliveryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task An_event_that_is_not_accepted_is_sent_again(int status)
    {
        using var test = new WebhookTest();
        using var receiver = new WebhookReceiver(status, status);
        var id = await test.SubmitAsync(receiver.Url);

        await PassThreeAttemptsAsync(test);

        var first = await receiver.NextAsync();
        await receiver.NextAsync();
        var last = await receiver.NextAsync();
        Assert.Equal("delivered", await test.SettledAsync(id));
        Assert.Equal((first.Path, first.Header("X-Webhook-Signature")), (last.Path, last.Header("X-Webhook-Signature")));
        Assert.Equal(first.Body, last.Body);
        Assert.Equal(1, test.Service.Emulator.Counts.WebhooksDelivered);
    }

    [Fact]
    public async Task An_event_is_sent_at_most_three_times()
    {
        using var test = new WebhookTest();
        using var receiver = new WebhookReceiver(500, 500, 500);
        var id = await test.SubmitAsync(receiver.Url);

        await PassThreeAttemptsAsync(test);

        Assert.Equal("failed", await test.SettledAsync(id));
        Assert.Equal((3, 0), (receiver.Waiting, test.Service.Emulator.Counts.WebhooksDelivered));
    }

    [Fact]
    public async Task A_receiver_that_does_not_respond_within_five_seconds_has_not_accepted_the_event()
    {
        using var test = new WebhookTest();
        using var receiver = new WebhookReceiver(WebhookReceiver.NoAnswer);
        var id = await test.SubmitAsync(receiver.Url);

        await test.PassAsync(10);
        await receiver.NextAsync();
        await test.PassAsync(5);
        await test.PassAsync(0.25);
        await receiver.NextAsync();

        Assert.Equal("delivered", await test.SettledAsync(id));
    }

    [Fact]
    public async Task Three_attempts_are_made_if_there_is_no_receiver()
    {
        using var test = new WebhookTest();
        var port = new ListeningPort(IPAddress.Loopback, 0);
        port.Refuse();
        var id = await test.SubmitAsync($"http://127.0.0.1:{port.Port}/");

        await PassThreeAttemptsAsync(test);

        Assert.Equal("failed", await test.SettledAsync(id));
        port.Close();
    }

    [Fact]
    public async Task No_event_is_sent_to_another_computer()
    {
        using var test = new WebhookTest();
        var id = await test.SubmitAsync("http://192.0.2.1/hook");

        // This is the only pause. An attempt would begin a second pause for its timeout.
        await test.PassAsync(10);

        Assert.Equal("failed", await test.SettledAsync(id));
        Assert.Equal(0, test.PausesBegun);
    }

    [Theory]
    [InlineData("http://127.0.0.1/", true)]
    [InlineData("https://127.200.3.4:8443/x", true)]
    [InlineData("http://[::1]:5000/", true)]
    [InlineData("http://LOCALHOST:5000/", true)]
    [InlineData("http://128.0.0.1/", false)]
    [InlineData("http://[::2]/", false)]
    [InlineData("http://0.0.0.0/", false)]
    [InlineData("http://localhost.example.net/", false)]
    [InlineData("http://127.0.0.1.example.net/", false)]
    [InlineData("http://127.0.0.1@example.net/", false)]
    [InlineData("https://hooks.example.net/apiframe", false)]
    public void Only_loopback_addresses_are_contacted(string url, bool isContacted) =>
        Assert.Equal(isContacted, new WebhookTarget(url, null).IsLoopback);

    [Fact]
    public async Task A_delivery_in_progress_is_canceled_when_the_emulator_stops()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var test = new WebhookTest();
        await test.SubmitAsync($"http://{listener.LocalEndpoint}/");
        await test.PassAsync(10);
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        test.Service.Emulator.Stop();
        test.Service.Emulator.Stop();

        await ReadToEndAsync(connection.GetStream());
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Pending_events_are_not_sent_after_the_emulator_stops()
    {
        var (waits, ends) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var emulator = new BananaEmulator(new BananaEmulatorOptions { ApiKey = TestEmulator.ApiKey }, () => DateTimeOffset.UnixEpoch, WaitAsync);
        using var client = new HttpClient { BaseAddress = emulator.BaseUri };
        client.DefaultRequestHeaders.Add("X-API-Key", TestEmulator.ApiKey);
        using var content = new StringContent(
            """{"model":"nano-banana-2","prompt":"x","webhookUrl":"http://127.0.0.1:9/"}""", null, "application/json");
        using var response = await client.PostAsync("/v2/images/generate", content, TestContext.Current.CancellationToken);
        await waits.Task;

        emulator.Stop();

        await ends.Task;

        async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
        {
            using var ending = cancellationToken.Register(ends.SetResult);
            waits.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private static async Task ReadToEndAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset also ends the connection.
        }
    }

    /// <summary>Passes the time until the job ends, and the pauses of 250 ms and 1 s before the event is sent again.</summary>
    private static async Task PassThreeAttemptsAsync(WebhookTest test)
    {
        await test.PassAsync(10);
        await test.BeginsAsync();
        await test.PassAsync(0.25);
        await test.BeginsAsync();
        await test.PassAsync(1);
    }
}
