using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Emulator;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>
/// Tests a batch with local files that runs again under its scope, on a service that compares each request with the first request under its key.
/// </summary>
public sealed class EarlierJobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeService _service = new();
    private readonly List<string> _jobs = [];
    private readonly Dictionary<string, string> _contents = [];
    private string _more = "false";
    private int? _acceptedAs;
    private int _uploads;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_image_gets_its_own_job_by_the_content_of_its_file_and_nothing_is_billed_again()
    {
        using BananaEmulator emulator = Start();
        SubmitRequest[] batch = [Request("on white", 1), Request("on white", 2), Request("at night", 1)];

        string[] first = await RunAsync(emulator, batch);
        string[] second = await RunAsync(emulator, [.. batch.Reverse()]);

        Assert.Equal(first, second.Reverse());
        Assert.Equal((3, 0), (emulator.Counts.ImagesBilled, emulator.Counts.KeysSentToDownloads));
    }

    [Fact]
    public async Task Of_two_equal_images_the_submitted_one_gets_its_job_and_the_other_is_submitted()
    {
        using BananaEmulator emulator = Start();

        string[] first = await RunAsync(emulator, [Request("on white", 1)]);
        string[] second = await RunAsync(emulator, [Request("on white", 1), Request("on white", 1)]);

        Assert.Equal(first[0], second[0]);
        Assert.NotEqual(first[0], second[1]);
        Assert.Equal(2, emulator.Counts.ImagesBilled);
    }

    [Fact]
    public async Task An_equal_image_never_gets_a_job_that_may_belong_to_another_image()
    {
        using BananaEmulator emulator = Start();
        SubmitRequest[] batch = [Request("on white", 1), Request("on white", 1)];
        await RunAsync(emulator, batch);

        Assert.Equal(["Conflict", "Conflict"], await RunAsync(emulator, batch));
        Assert.Equal(2, emulator.Counts.ImagesBilled);
    }

    [Fact]
    public async Task An_image_whose_first_job_failed_gets_the_later_job()
    {
        using BananaEmulator emulator = Start(failureRate: 0.5);
        SubmitRequest[] batch = [.. Enumerable.Range(0, 6).Select(number => Request("on white", number))];

        string[] first = await RunAsync(emulator, batch);
        string[] second = await RunAsync(emulator, batch);

        Assert.Equal(first, second);
        Assert.Equal((6, 6), (first.Distinct().Count(), emulator.Counts.ImagesBilled));
        Assert.True(emulator.Counts.JobsAccepted > 6);
    }

    [Fact]
    public async Task Without_echoed_requests_the_conflict_remains_an_error()
    {
        using BananaEmulator emulator = Start(hidesInput: true);
        SubmitRequest[] batch = [Request("on white", 1)];
        await RunAsync(emulator, batch);

        Assert.Equal(["Conflict"], await RunAsync(emulator, batch));
        Assert.Equal(1, emulator.Counts.ImagesBilled);
    }

    [Fact]
    public async Task The_only_job_with_the_request_is_adopted_although_its_upload_no_longer_exists()
    {
        Job(1, "on white", "old-1");

        BananaJob job = await SubmitAsync("on white", webhookUrl: "https://h.example");

        Assert.Equal((JournalBench.JobId(1), "COMPLETED", "on white"), (job.JobId, job.Status, job.Prompt));
        Assert.StartsWith("scope-", job.IdempotencyKey);
        Assert.True(job.LacksWebhook());
        Assert.DoesNotContain(_service.Downloads.Sent, sent => sent.Header("X-API-Key") is not null);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("mug", "mug")]
    [InlineData("cup", "pot")]
    public async Task Two_jobs_that_the_file_does_not_distinguish_are_not_adopted(string? first, string? second)
    {
        Job(1, "on white", "old-1", content: first);
        Job(2, "on white", "old-2", content: second);

        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync("on white"));
    }

    [Theory]
    [InlineData("mug", "cup", 1)]
    [InlineData("cup", "mug", 2)]
    [InlineData("cup", null, 2)]
    [InlineData(null, "mug", 2)]
    public async Task Of_two_jobs_the_one_with_the_same_file_is_adopted(string? first, string? second, int adopted)
    {
        Job(1, "on white", "old-1", content: first);
        Job(2, "on white", "old-2", content: second);

        Assert.Equal(JournalBench.JobId(adopted), (await SubmitAsync("on white")).JobId);
    }

    [Fact]
    public async Task A_failed_job_before_the_job_with_the_same_file_does_not_prevent_the_adoption()
    {
        Job(1, "on white", "old-1", content: "mug", status: "FAILED", hoursAgo: 3);
        Job(2, "on white", "old-2", content: "mug");

        Assert.Equal(JournalBench.JobId(2), (await SubmitAsync("on white")).JobId);
    }

    [Fact]
    public async Task A_job_with_an_upload_of_this_run_belongs_to_an_equal_image_of_this_run()
    {
        Job(1, "on white", "old-1", content: "mug");
        Job(2, "on white", "new-1", hoursAgo: 0);

        Assert.Equal(JournalBench.JobId(1), (await SubmitAsync("on white")).JobId);
    }

    [Fact]
    public async Task An_adopted_job_is_returned_only_to_the_image_that_adopted_it()
    {
        Job(1, "on white", "old-1");

        BananaJob adopted = await SubmitAsync("on white", photo: 0);
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync("on white", photo: 1));
        BananaJob again = await SubmitAsync("on white", photo: 0);

        Assert.Equal((adopted.JobId, adopted.IdempotencyKey), (again.JobId, again.IdempotencyKey));
    }

    [Fact]
    public async Task A_job_that_was_accepted_in_this_run_is_not_adopted_by_another_image()
    {
        Job(1, "on white", "new-1", hoursAgo: 0);
        _acceptedAs = 1;
        Assert.Equal(JournalBench.JobId(1), (await SubmitAsync("on white", photo: 0)).JobId);
        _acceptedAs = null;

        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync("on white", photo: 1));
    }

    [Fact]
    public async Task A_job_of_another_request_or_of_another_day_is_not_adopted()
    {
        Job(1, "at night", "old-1", content: "mug");
        Job(2, "on white", "old-2", content: "mug", hoursAgo: 25);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync("on white"));

        Assert.Equal((ApiframeErrorKind.Conflict, true, Charge.Billed), (e.Kind, e.IsResubmission, e.Charge));
    }

    [Fact]
    public async Task An_incomplete_job_or_a_list_that_ends_too_early_leaves_the_conflict()
    {
        Job(1, "on white", "old-1", content: "mug");
        Job(2, prompt: null, "old-2");
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync("on white"));

        _jobs.RemoveAt(1);
        _more = "null";
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync("on white"));
    }

    private static BananaEmulator Start(double failureRate = 0, bool hidesInput = false) => BananaEmulator.Start(
        new BananaEmulatorOptions { ApiKey = FakeService.Key, GenerationTimeSec = 0, FailureRate = failureRate, Seed = 5, HideInput = hidesInput });

    private static async Task<string[]> RunAsync(BananaEmulator emulator, SubmitRequest[] batch)
    {
        var client = new ApiframeClient(new ApiframeConnection(new ApiframeConnectionOptions { ApiKey = FakeService.Key, BaseUri = emulator.BaseUri }));
        var scope = new IdempotencyScope("shop");
        SubmitRequest[] claimed = [.. batch.Select(scope.Claim)];
        return await Task.WhenAll(claimed.Select(async request =>
        {
            try
            {
                return (await client.SubmitAsync(request, Token)).JobId;
            }
            catch (ApiframeException e)
            {
                return e.Kind.ToString();
            }
        }));
    }

    /// <summary>Adds a job to the account. Without content, its upload no longer exists.</summary>
    private void Job(int number, string? prompt, string upload, string? content = null, string status = "COMPLETED", double hoursAgo = 1)
    {
        string url = $"https://cdn.example.net/{upload}.png";
        if (content is not null)
        {
            _contents[url] = content;
        }

        string input = prompt is null ? "null" : $$"""{ "prompt": {{JsonSerializer.Serialize(prompt)}}, "nanoBananaParams": { "image_input": ["{{url}}"] } }""";
        _jobs.Add($$"""
            { "id": "{{JournalBench.JobId(number)}}", "status": "{{status}}", "model": "nano-banana-2", "createdAt": "{{_service.Clock.UtcNow.AddHours(-hoursAgo):O}}",
              "creditCost": {{(status == "FAILED" ? 0 : 9)}}, "result": "https://cdn.example.net/{{number}}.png", "input": {{input}} }
            """);
    }

    /// <summary>Submits a photo of a mug. Unless the service accepts it, it knows the key with another request, so it returns a conflict.</summary>
    private Task<BananaJob> SubmitAsync(string prompt, string? webhookUrl = null, int photo = 0)
    {
        _service.Api.Route(sent => sent switch
        {
            _ when sent.Url.AbsolutePath == "/v2/uploads" => (201, $$"""{ "id": "u", "url": "https://cdn.example.net/new-{{++_uploads}}.png", "kind": "image" }"""),
            { Method: "POST" } when _acceptedAs is { } number => (202, $$"""{ "jobId": "{{JournalBench.JobId(number)}}", "status": "QUEUED" }"""),
            { Method: "POST" } => (409, """{ "error": "Same key, other body" }"""),
            _ when sent.Url.AbsolutePath == "/v2/jobs" => (200, $$"""{ "jobs": [{{string.Join(",", _jobs.Select(job => job.Replace("\"input\"", "\"in\"", StringComparison.Ordinal)))}}], "hasMore": {{_more}} }"""),
            _ => (200, _jobs.Single(job => job.Contains(sent.Url.Segments[^1], StringComparison.Ordinal))),
        });
        _service.Downloads.Route(sent => sent.Url.AbsolutePath.StartsWith("/new-", StringComparison.Ordinal) ? (200, "mug")
            : _contents.TryGetValue(sent.Url.AbsoluteUri, out string? content) ? (200, content) : (404, string.Empty));
        SubmitRequest request = new IdempotencyScope("shop").Claim(Request(prompt, photo) with { WebhookUrl = webhookUrl });
        return _service.Client.SubmitAsync(request, Token);
    }

    private SubmitRequest Request(string prompt, int photo)
    {
        string path = Path.Combine(_folder, $"{photo}.png");
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, [.. SampleImages.PngOf([1, (byte)photo])]);
        }

        return new SubmitRequest { Prompt = prompt, ReferenceImage = [path] };
    }
}
