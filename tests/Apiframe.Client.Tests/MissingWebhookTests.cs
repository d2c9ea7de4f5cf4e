using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests that a job whose requested webhook was not registered is recognized.</summary>
public sealed class MissingWebhookTests
{
    private const string Completed = """{ "id": "ID", "status": "COMPLETED", "result": "https://cdn.example.net/1.png" MORE }""";

    private readonly FakeService _service = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", true)]
    [InlineData(""", "webhookStatus": null""", true)]
    [InlineData(""", "webhookStatus": null, "input": { "prompt": "x" }""", true)]
    [InlineData(""", "webhookStatus": "pending" """, false)]
    [InlineData(""", "webhookStatus": null, "input": { "prompt": "x", "webhookUrl": "https://h.example" }""", false)]
    [InlineData(""", "webhookStatus": null, "input": { "prompt": "x", "webhook_url": "https://h.example" }""", false)]
    public async Task A_job_has_no_webhook_if_neither_its_status_nor_its_request_contains_one(string more, bool lacks)
    {
        _service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Job("PROCESSING", more));

        BananaJob accepted = await _service.Client.SubmitAsync(FakeService.Request() with { WebhookUrl = "https://h.example" }, Token);
        BananaJob told = await _service.Client.GetJobAsync(accepted, retry: true, Token);
        BananaJob toldAgain = await _service.Client.GetJobAsync(told, retry: true, Token);

        Assert.Equal((false, lacks, lacks), (accepted.LacksWebhook(), told.LacksWebhook(), toldAgain.LacksWebhook()));
    }

    [Fact]
    public async Task A_job_that_was_submitted_without_a_webhook_is_not_missing_one()
    {
        _service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Completed());

        BananaJob accepted = await _service.Client.SubmitAsync(FakeService.Request(), Token);

        Assert.False((await _service.Client.GetJobAsync(accepted, retry: true, Token)).LacksWebhook());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(""", "input": { "webhookUrl": "https://h.example" }""", false)]
    public async Task Of_many_listed_jobs_one_is_requested_to_see_whether_it_has_a_webhook(string input, bool lacks)
    {
        int submitted = 0;
        _service.Api.Route(sent => sent switch
        {
            { Method: "POST" } => (202, $$"""{ "jobId": "{{JournalBench.JobId(++submitted)}}", "status": "QUEUED" }"""),
            _ when sent.Url.AbsolutePath == "/v2/jobs" =>
                (200, $$"""{ "jobs": [{{string.Join(",", Enumerable.Range(1, submitted).Select(number => Told(JournalBench.JobId(number), string.Empty)))}}], "hasMore": false }"""),
            _ => (200, Told(sent.Url.Segments[^1], input)),
        });
        var watcher = new JobWatcher(_service.Client, cancellationToken: Token);
        BananaJob[] accepted = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            _ => _service.Client.SubmitAsync(FakeService.Request() with { WebhookUrl = "https://h.example" }, Token)));

        BananaJob[] ended = await Task.WhenAll(accepted.Select(job => watcher.WaitAsync(job, TimeSpan.FromMinutes(1))));

        Assert.Equal(lacks ? 1 : 0, ended.Count(job => job.LacksWebhook()));
        Assert.Equal(1, _service.Api.Sent.Count(sent => sent.Method == "GET" && sent.Url.AbsolutePath != "/v2/jobs"));
    }

    [Theory]
    [InlineData(EmulatorRequestForm.OpenApi, false, false)]
    [InlineData(EmulatorRequestForm.OpenApi, true, false)]
    [InlineData(EmulatorRequestForm.ModelPage, false, true)]
    [InlineData(EmulatorRequestForm.ModelPage, true, false)]
    public async Task If_the_service_drops_unknown_fields_a_missing_webhook_is_recognized(EmulatorRequestForm form, bool withReference, bool lacks)
    {
        using var emulator = BananaEmulator.Start(
            new BananaEmulatorOptions { ApiKey = FakeService.Key, GenerationTimeSec = 0.1, RequestForm = form, IgnoreUnknownFields = true });
        var client = new ApiframeClient(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }));
        SubmitRequest request = FakeService.Request() with
        {
            WebhookUrl = "https://h.example", ReferenceImage = withReference ? ["https://a.example/1.png"] : [],
        };

        BananaJob job = await new JobWatcher(client, cancellationToken: Token).WaitAsync(await client.SubmitAsync(request, Token), TimeSpan.FromMinutes(1));

        Assert.Equal((lacks, !lacks), (job.LacksWebhook(), job.WebhookStatus is not null));
    }

    private static string Told(string id, string more) => Completed.Replace("ID", id, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);
}
