using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Save;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Apiframe.Client.Webhooks;
using Xunit;

namespace Apiframe.Client.Tests.ManyCases;

/// <summary>
/// Tests everything that comes from outside: responses of the service, webhooks, journals, and metadata files. The result is correct or a typed error.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly byte[][] Answers = Bytes(
        FakeService.Accepted(),
        FakeService.Accepted("FAILED"),
        FakeService.Job("PROCESSING", """, "progress": 40, "result": null, "error": null, "creditCost": 9, "webhookStatus": null, "createdAt": "2026-11-20T09:14:02.117Z", "completedAt": null, "expired": false"""),
        FakeService.Job("FAILED", """, "progress": 0, "result": null, "error": "The provider declined the prompt", "creditCost": 0, "completedAt": "2026-11-20T09:14:02.117Z" """),
        FakeService.Completed(),
        FakeService.Completed("\"https://cdn.example.net/1.png\""),
        FakeService.Completed("""[ { "url": "https://cdn.example.net/1.png" } ]"""),
        FakeService.Job("COMPLETED", """, "result": { "imageUrl": "https://cdn.example.net/1.png" }, "input": { "prompt": "A kite", "nanoBananaParams": { "resolution": "2K", "image_input": ["https://a.example/1.png"], "google_search": true } }"""),
        $$"""{ "jobs": [ {{FakeService.Completed()}}, {{FakeService.Job("QUEUED")}} ], "nextCursor": "eyJvcGFxdWUiOnRydWV9", "hasMore": true }""",
        FakeService.Account,
        FakeService.Account,
        """{ "user": { "email": "ops@example.net" }, "team": null, "apiKey": null }""",
        FakeService.Models,
        FakeService.Models,
        """{ "models": [] }""",
        """{ "error": "Validation failed", "details": { "prompt": ["Must have at most 2000 characters"] } }""",
        """{ "error": "Insufficient credits", "creditsRequired": 18, "creditsAvailable": 4 }""",
        """{ "error": { "message": "no" } }""");

    private static readonly byte[][] Webhooks = Bytes(
        $$"""{ "event": "completed", "jobId": "{{FakeService.JobId}}", "status": "COMPLETED", "progress": 100, "result": { "images": ["https://cdn.example.net/1.png"] }, "model": "nano-banana-2", "creditCost": 9, "completedAt": "2026-11-20T09:14:15.902Z" }""",
        $$"""{ "event": "failed", "jobId": "{{FakeService.JobId}}", "status": "FAILED", "error": "The provider declined the prompt", "model": "nano-banana-2" }""",
        $$"""{ "type": "progress", "job_id": "{{FakeService.JobId}}", "status": "PROCESSING", "progress": 40 }""");

    private static readonly byte[][] Journals = Bytes(
        """
        {"event":"journal","version":1,"id":"5c2b9a7e-0d4f-4a61-b3c8-9e1f2a3b4c5d","createdAt":"2026-11-20T09:00:00.000Z"}
        {"event":"uploaded","at":"2026-11-20T09:00:00.100Z","sha256":"ab","url":"https://cdn.example.net/up.png","expiresAt":"2026-11-20T11:00:00.000Z"}
        {"event":"intended","at":"2026-11-20T09:00:01.204Z","key":"journal-1","fingerprint":"f1","ordinal":1,"attempt":1,"request":{"model":"nano-banana-2","prompt":"A kite","nanoBananaParams":{"resolution":"2K","image_input":["https://cdn.example.net/up.png"]}},"local":[{"index":0,"path":"/a.png","sha256":"ab"}]}
        {"event":"accepted","at":"2026-11-20T09:00:01.311Z","key":"journal-1","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90","status":"QUEUED"}
        {"event":"completed","at":"2026-11-20T09:00:15.020Z","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90","creditCost":9,"createdAt":"2026-11-20T09:00:01.290Z","completedAt":"2026-11-20T09:00:14.902Z","images":1}
        {"event":"saved","at":"2026-11-20T09:00:15.377Z","jobId":"7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b90","index":0,"file":"images/kite.png","length":1843201,"sha256":"9c1e"}
        {"event":"intended","at":"2026-11-20T09:00:02.000Z","key":"journal-2","fingerprint":"f2","ordinal":1,"attempt":1,"request":{"model":"nano-banana-2","prompt":"A boat"}}
        {"event":"refused","at":"2026-11-20T09:00:03.000Z","key":"journal-2","kind":"InsufficientCredits"}

        """);

    private static readonly byte[][] Metadata = Bytes(
        $$"""{ "fileName": "kite.png", "jobId": "{{FakeService.JobId}}", "status": "COMPLETED", "model": "nano-banana-2", "prompt": "A kite", "resolution": "2K", "aspectRatio": "16:9", "outputFormat": "png", "referenceImage": ["https://a.example/1.png"], "googleSearch": true, "imageSearch": false, "creditCost": 9, "createdAt": "2026-11-20T09:14:02.117Z", "completedAt": null, "imageUrl": "https://cdn.example.net/1.png" }""");

    private static readonly int[] Statuses = [.. Enumerable.Repeat(200, 30), 204, 302, 400, 401, 402, 403, 404, 409, 413, 418, 429, 500, 501, 502, 503, 504];
    private static readonly string[] ContentTypes = ["application/json", "application/json; charset=utf-8", "application/json; charset=nonsense", "text/html", ""];
    private static readonly string[] Waits = ["", "0", "3", "-1", "99999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "soon"];

    /// <summary>Signatures of the unchanged first webhook, in both published forms.</summary>
    private static readonly string[] Signatures =
    [
        Convert.ToHexString(HMACSHA256.HashData(Secret, Webhooks[0])),
        Convert.ToHexString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Secret)), Webhooks[0])),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static byte[] Secret => SHA256.HashData(Encoding.UTF8.GetBytes(FakeService.Key));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_response_is_read_or_is_a_typed_error()
    {
        int understood = 0;
        Fuzz.Check(Answers, (answer, other) => understood += Call(answer, other % 6, other / 7) ? 1 : 0);

        // If no response is understood, only the outermost check is tested. The number is for all calls, because one call may by chance get no valid response.
        Assert.InRange(understood, 1, Fuzz.Cases / 2);
    }

    [Fact]
    public void A_webhook_is_an_event_of_a_job_or_a_typed_error()
    {
        var connection = new FakeService().Connection;
        Fuzz.Check(Webhooks, (body, other) => Typed(() =>
        {
            WebhookEvent read = WebhookEvent.Read(body, connection, other % 3 == 0 ? "completed" : null);
            Assert.NotEmpty(read.Name);
            Use(read.Job);
        }));
    }

    [Fact]
    public void A_changed_webhook_does_not_match_its_signature() => Fuzz.Check([Webhooks[0]], (body, other) =>
    {
        bool fits = Typed(() => WebhookSignature.Verify(body, Signatures[other % Signatures.Length], [FakeService.Key]));

        Assert.Equal(body.AsSpan().SequenceEqual(Webhooks[0]), fits);
    });

    [Fact]
    public void A_journal_is_read_or_reported_as_damaged_and_can_be_opened_again() => Fuzz.Check(Journals, (content, _) => Typed(() =>
    {
        var state = new JournalState(new BananaJournal("fuzz.jsonl"));
        (long length, bool lacksLineFeed) = JournalReader.Read(new MemoryStream(content), state);
        Assert.InRange(length, 0, content.Length);
        JournalState again = JournalBench.Read([.. content[..(int)length], .. lacksLineFeed ? "\n"u8 : default]);
        Assert.Equal(state.Entries.Select(entry => entry.ToString()), again.Entries.Select(entry => entry.ToString()));
        if (length > 0 && state.Id is not null)
        {
            // A journal that was opened for writing can be opened again.
            FakeDisk disk = FakeDisk.With(content);
            new JournalRegistry(new FakeClock(), disk.Open).Open(new BananaJournal("fuzz.jsonl")).Dispose();
            Assert.Equal(state.Attempts.Count, JournalBench.Read(disk.Written).Attempts.Count);
        }
    }));

    [Fact]
    public void A_metadata_file_contains_a_job_or_is_ignored() => Fuzz.Check(Metadata, (content, _) =>
    {
        string image = Path.Combine(_folder, "kite.png");
        File.WriteAllBytes(ImageMetadata.PathFor(image), content);

        if (ImageMetadata.Read(image) is { } job)
        {
            Assert.NotEmpty(job.JobId);
            Assert.All(job.ImageUrls, url => Assert.True(url.Scheme is "http" or "https"));
        }
    });

    private static byte[][] Bytes(params string[] examples) => [.. examples.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Returns whether the action succeeded. A typed error is allowed, and any other exception fails the test.</summary>
    private static bool Typed(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (ApiframeException e)
        {
            Assert.InRange(e.Message.Length, 1, 3000);
            Assert.DoesNotContain(FakeService.Key, e.ToString(), StringComparison.Ordinal);
            return false;
        }
    }

    /// <summary>Returns true if the response was understood.</summary>
    private static bool Call(byte[] answer, int call, int other)
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 1, RateLimitTimeout = TimeSpan.FromMinutes(1) });
        service.Api.Bytes(
            answer, ContentTypes[other % ContentTypes.Length], Statuses[other % Statuses.Length], ("Retry-After", Waits[other % Waits.Length]), ("x-request-id", "req_1"));
        return Typed(() => CallAsync(service, call).GetAwaiter().GetResult());
    }

    private static async Task CallAsync(FakeService service, int call)
    {
        switch (call)
        {
            case 0:
                Use(await service.Client.SubmitAsync(FakeService.Request(), Token));
                break;
            case 1:
                Use(await service.Client.GetJobAsync(FakeService.JobId, Token));
                break;
            case 2:
                Assert.All((await service.Client.ListJobsAsync(new JobFilter(), cancellationToken: Token)).Jobs, Use);
                break;
            case 3:
                Use(await new JobWatcher(service.Client, 2, Token).WaitAsync(BananaJob.FromId(FakeService.JobId, service.Connection), TimeSpan.FromMinutes(2)));
                break;
            case 4:
                BananaAccount account = await service.Client.GetAccountAsync(Token);
                Assert.InRange(account.MaxConcurrentJobs ?? 0, 0, int.MaxValue);
                Assert.DoesNotContain(FakeService.Key, JsonSerializer.Serialize(account), StringComparison.Ordinal);
                break;
            default:
                IReadOnlyList<BananaModel> models = await service.Client.ListModelsAsync("image", Token);
                Assert.All(models, model => Assert.NotEmpty(model.Model));
                Assert.DoesNotMatch(@"afk_\w", JsonSerializer.Serialize(models));
                break;
        }
    }

    /// <summary>Reads every property of a job, as a view or an export does.</summary>
    private static void Use(BananaJob job)
    {
        Assert.NotEmpty(job.JobId);
        Assert.InRange(job.Progress ?? 0, 0, 100);
        Assert.All(job.ImageUrls, url => Assert.True(url.IsAbsoluteUri && url.Scheme is "http" or "https"));
        Assert.DoesNotContain("/", FileNames.BaseName(job, 0));
        Assert.DoesNotContain(FakeService.Key, JsonSerializer.Serialize(job), StringComparison.Ordinal);
        try
        {
            job.EnsureCompleted();
            Assert.NotEmpty(job.ImageUrls);
        }
        catch (ApiframeException e)
        {
            Assert.Same(job, e.Job);
        }
    }
}
