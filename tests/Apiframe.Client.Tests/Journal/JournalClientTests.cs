using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Journal;
using Apiframe.Client.Save;
using Apiframe.Client.Submit;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Wait;
using Xunit;

namespace Apiframe.Client.Tests.Journal;

public sealed class JournalClientTests : IDisposable
{
    private const string ImageUrl = "https://cdn.example.net/1.png";

    private readonly string _folder = Directory.CreateTempSubdirectory("banana-journal").FullName;
    private readonly JournalBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FakeService Service => _bench.Service;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_intent_is_on_disk_before_the_request_is_sent()
    {
        string[] lines = [];
        Service.Api.Route(sent =>
        {
            lines = Durable();
            Assert.Contains($"\"{sent.Header("Idempotency-Key")}\"", lines[^1]);
            return (202, FakeService.Accepted());
        });

        await SubmitAsync();

        Assert.Contains("\"event\":\"intended\"", lines[^1]);
    }

    [Fact]
    public async Task A_job_is_on_disk_before_it_is_returned()
    {
        Service.Api.Json(FakeService.Accepted(), 202);

        BananaJob job = await SubmitAsync();

        Assert.Contains($"\"jobId\":\"{job.JobId}\"", Durable()[^1]);
        Assert.Equal(JournalBench.Journal.Path, job.GetJournal()!.Path);
    }

    [Fact]
    public async Task A_job_that_is_accepted_after_a_cancellation_is_on_disk()
    {
        using var stop = new CancellationTokenSource();
        Service.Api.Route(_ =>
        {
            stop.Cancel();
            return (202, FakeService.Accepted());
        });

        await SubmitAsync(cancellationToken: stop.Token);

        Assert.Equal(FakeService.JobId, Assert.Single(_bench.State.Entries).JobId);
    }

    [Fact]
    public async Task After_a_lost_response_the_next_run_submits_under_the_same_key()
    {
        Service.Api.Route(_ => throw new IOException("The connection was reset."));
        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync());
        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, false), (e.Kind, e.IsKeyForgotten));
        _bench.Crash();
        Service.Api.Route(_ => (202, FakeService.Accepted()));

        await SubmitAsync();

        Assert.Single(Keys().Distinct());
    }

    [Fact]
    public async Task An_image_that_was_accepted_is_not_submitted_again()
    {
        Service.Api.Json(FakeService.Accepted(), 202);
        await SubmitAsync();
        _bench.Crash();

        BananaJob job = await SubmitAsync();

        Assert.Equal((FakeService.JobId, "A red kite over a lighthouse"), (job.JobId, job.Prompt));
        Assert.Single(Service.Api.Sent);
    }

    [Fact]
    public async Task Equal_prompts_of_one_run_are_different_images()
    {
        Service.Api.Route(sent => (202, $$"""{ "jobId": "{{Guid.NewGuid()}}", "status": "QUEUED" }"""));
        JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();

        BananaJob[] jobs = [await Service.Client.SubmitAsync(run.Claim(FakeService.Request()), Token), await Service.Client.SubmitAsync(run.Claim(FakeService.Request()), Token)];
        await lease.ReleaseAsync();

        Assert.NotEqual(jobs[0].JobId, jobs[1].JobId);
        Assert.NotEqual(jobs[0].IdempotencyKey, jobs[1].IdempotencyKey);
    }

    [Fact]
    public async Task A_rejected_image_is_submitted_under_a_new_key_in_the_next_run()
    {
        Service.Api.Json("""{ "error": "bad prompt" }""", 400).Json(FakeService.Accepted(), 202);
        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync());
        Assert.Equal((ApiframeErrorKind.InvalidRequest, Charge.Nothing), (e.Kind, e.Charge));
        Assert.Equal(JournalEntryState.Refused, _bench.State.Entries[0].State);

        await SubmitAsync();

        Assert.Equal(2, Keys().Distinct().Count());
    }

    [Fact]
    public async Task A_conflict_about_the_key_of_an_image_leads_to_the_job_with_its_request()
    {
        string created = Service.Clock.UtcNow.ToString("O");
        string job = $$"""{ "id": "{{FakeService.JobId}}", "status": "PROCESSING", "createdAt": "{{created}}", "model": "nano-banana-2", "input": { "model": "nano-banana-2", "prompt": "A red kite over a lighthouse" } }""";
        Service.Api.Route(sent => sent.Method == "POST" ? (409, """{ "error": "Idempotency-Key was used with another body" }""")
            : sent.Url.AbsolutePath == "/v2/jobs" ? (200, $$"""{ "jobs": [{{job}}], "hasMore": false }""")
            : (200, job));

        BananaJob found = await SubmitAsync();

        Assert.Equal(FakeService.JobId, found.JobId);
        Assert.True(Assert.Single(_bench.State.Entries).IsAdopted);
        Assert.Single(Keys());
    }

    [Fact]
    public async Task Submissions_end_with_an_error_if_the_service_reports_a_conflict_for_every_key()
    {
        Service.Api.Route(sent => sent.Method == "POST" ? (409, """{ "error": "Idempotency-Key was used with another body" }""") : (200, """{ "jobs": [], "hasMore": false }"""));
        JournalLease lease = _bench.Open();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => Service.Client.SubmitAsync(lease.BeginRun(resubmitUnknown: true).Claim(FakeService.Request()), Token));
        await lease.ReleaseAsync();

        Assert.Equal(ApiframeErrorKind.Conflict, e.Kind);
        Assert.InRange(Keys().Length, 2, 5);
        Assert.All(Keys(), key => Assert.Contains(Durable(), line => line.Contains("intended") && line.Contains(key)));
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_intent_cannot_be_written()
    {
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();
        _bench.Disk.Room = 0;

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => Service.Client.SubmitAsync(run.Claim(FakeService.Request()), Token));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, Charge.Nothing, null), (e.Kind, e.Charge, e.Job));
        Assert.Empty(Service.Api.Sent);
    }

    [Fact]
    public async Task The_error_for_a_job_that_cannot_be_noted_contains_the_job()
    {
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun();
        Service.Api.Route(_ =>
        {
            _bench.Disk.Room = 0;
            return (202, FakeService.Accepted());
        });

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => Service.Client.SubmitAsync(run.Claim(FakeService.Request()), Token));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, Charge.Billed, FakeService.JobId), (e.Kind, e.Charge, e.Job!.JobId));
    }

    [Fact]
    public async Task Before_an_attempt_half_an_hour_after_the_last_one_the_intent_is_recorded_again()
    {
        int[] intents = new int[2];
        Service.Api.Route(_ =>
        {
            int attempt = Service.Api.Sent.Count - 1;
            intents[attempt] = Durable().Count(line => line.Contains("\"event\":\"intended\""));
            Service.Clock.Advance(TimeSpan.FromMinutes(30));
            return attempt == 0 ? (503, "{}") : (202, FakeService.Accepted());
        });

        await SubmitAsync();

        Assert.Equal([1, 2], intents);
    }

    [Fact]
    public async Task An_attempt_without_a_clear_response_is_not_repeated_after_the_key_lifetime()
    {
        Service.Api.Route(_ => throw new IOException("The connection was reset."));
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync());
        int before = Keys().Length;
        Service.Api.Route(_ =>
        {
            Service.Clock.Advance(TimeSpan.FromHours(25));
            return (503, "{}");
        });

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync());

        Assert.Equal((ApiframeErrorKind.SubmissionUnknown, Charge.Perhaps, true), (e.Kind, e.Charge, e.IsKeyForgotten));
        Assert.StartsWith("It is not known whether the service accepted the image that was submitted at", e.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, Keys().Length);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(400)]
    public async Task A_submission_counts_toward_the_throttle_limit_of_its_run_only_while_it_is_sent(int status)
    {
        using JournalLease lease = _bench.Open();
        JournalRun run = lease.BeginRun(throttleLimit: 2);
        int free = 0;
        Service.Api.Route(_ =>
        {
            free = run.Wire.CurrentCount;
            return (status, FakeService.Accepted());
        });

        await Record.ExceptionAsync(() => Service.Client.SubmitAsync(run.Claim(FakeService.Request()), Token));

        Assert.Equal((1, 2), (free, run.Wire.CurrentCount));
    }

    [Fact]
    public async Task A_local_file_is_uploaded_once_for_all_runs_until_its_upload_expires()
    {
        string photo = Photo();
        Service.Api.Route(Uploading(validFor: TimeSpan.FromHours(1)));
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync(With(photo)));
        _bench.Crash();

        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync(With(photo)));

        Assert.Single(Uploads());
        Assert.Single(Service.Api.Sent.Where(IsSubmission).Select(sent => sent.Body).Distinct());
    }

    [Fact]
    public async Task A_local_file_whose_upload_expires_soon_is_uploaded_again()
    {
        string photo = Photo();
        Service.Api.Route(Uploading(validFor: TimeSpan.FromMinutes(9)));
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync(With(photo)));
        _bench.Crash();

        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync(With(photo)));

        Assert.Equal(2, Uploads().Length);
    }

    [Fact]
    public async Task Waiting_for_a_job_notes_how_it_ended()
    {
        Service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Completed());
        BananaJob job = await SubmitAsync();

        await WaitAsync(job);

        JournalEntry entry = Assert.Single(_bench.State.Entries);
        Assert.Equal((JournalEntryState.Completed, 9m), (entry.State, entry.CreditCost));
    }

    [Fact]
    public async Task An_acceptance_that_could_not_be_noted_is_noted_when_the_job_is_waited_for()
    {
        BananaJob job = await AcceptedButNotNotedAsync();
        Service.Api.Json(FakeService.Completed());

        await WaitAsync(job);

        JournalEntry entry = Assert.Single(_bench.State.Entries);
        Assert.Equal((JournalEntryState.Completed, "A red kite over a lighthouse", job.JobId), (entry.State, entry.Prompt, entry.JobId));
    }

    [Fact]
    public async Task A_job_whose_end_but_not_its_acceptance_is_noted_is_found_for_its_image()
    {
        BananaJob job = await AcceptedButNotNotedAsync();
        await _bench.NoteAsync(lease => lease.NoteAsync(new BananaJob { JobId = job.JobId, Status = "COMPLETED", CreditCost = 9, IsTold = true }));
        Service.Clock.Advance(TimeSpan.FromDays(2));
        string created = (Service.Clock.UtcNow - TimeSpan.FromDays(2)).ToString("O");
        string told = $$"""{ "id": "{{job.JobId}}", "status": "COMPLETED", "createdAt": "{{created}}", "model": "nano-banana-2", "input": { "model": "nano-banana-2", "prompt": "A red kite over a lighthouse" } }""";
        Service.Api.Route(sent => sent.Method == "POST" ? (500, "{}")
            : sent.Url.AbsolutePath == "/v2/jobs" ? (200, $$"""{ "jobs": [{{told}}], "hasMore": false }""")
            : (200, told));

        BananaJob found = await SubmitAsync();

        Assert.Equal(job.JobId, found.JobId);
        JournalEntry entry = Assert.Single(_bench.State.Entries);
        Assert.Equal((JournalEntryState.Completed, 9m), (entry.State, entry.CreditCost));
        Assert.Single(Keys());
    }

    [Fact]
    public async Task The_error_for_an_end_that_cannot_be_noted_contains_the_job()
    {
        Service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Completed());
        BananaJob job = await SubmitAsync();
        using JournalLease lease = _bench.Open();
        _bench.Disk.Room = 0;

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(job));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, "COMPLETED"), (e.Kind, e.Job!.Status));
    }

    [Fact]
    public async Task A_job_can_be_waited_for_and_saved_although_its_journal_cannot_be_written()
    {
        Service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Completed());
        Service.Downloads.Bytes(SampleImages.Png, "image/png");
        using JournalLease lease = _bench.Open();
        BananaJob job = await SubmitAsync();
        _bench.Disk.Room = 0;
        await Assert.ThrowsAsync<ApiframeException>(() => SubmitAsync(FakeService.Request("another")));

        ApiframeException waited = await Assert.ThrowsAsync<ApiframeException>(() => WaitAsync(job));
        ApiframeException saved = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(waited.Job!));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, "COMPLETED"), (waited.Kind, waited.Job!.Status));
        Assert.True(saved.File!.Exists);
    }

    [Fact]
    public async Task A_saved_image_is_not_submitted_requested_or_downloaded_again()
    {
        FileInfo file = await SavedAsync();
        _bench.Crash();
        int sent = Service.Api.Sent.Count + Service.Downloads.Sent.Count;

        BananaJob job = await WaitAsync(await SubmitAsync());
        job.EnsureCompleted();

        Assert.Equal(file.FullName, Assert.Single((await ImageDownloader.FindSavedAsync(job))!).FullName);
        Assert.Equal(sent, Service.Api.Sent.Count + Service.Downloads.Sent.Count);
    }

    [Fact]
    public async Task An_image_whose_file_was_changed_is_downloaded_from_its_job_again()
    {
        FileInfo file = await SavedAsync();
        await File.AppendAllTextAsync(file.FullName, "x", Token);
        _bench.Crash();

        BananaJob job = await WaitAsync(await SubmitAsync());

        Assert.Null(await ImageDownloader.FindSavedAsync(job));
        Assert.Equal(new Uri(ImageUrl), job.ImageUrl);
        Assert.Single(Keys());
    }

    [Fact]
    public async Task Saving_records_the_end_of_a_job_that_was_not_waited_for()
    {
        await SavedAsync();

        Assert.Equal(["journal", "intended", "accepted", "completed", "saved"], Durable().Select(line => line.Split('"')[3]));
    }

    [Fact]
    public async Task A_resumed_download_is_recorded_with_the_hash_of_the_whole_file()
    {
        int half = SampleImages.Png.Length / 2;
        Download(HttpStatusCode.OK, new BrokenStream(SampleImages.Png[..half]), contentRange: null);
        Download(HttpStatusCode.PartialContent, new MemoryStream(SampleImages.Png[half..]), $"bytes {half}-{SampleImages.Png.Length - 1}/{SampleImages.Png.Length}");

        FileInfo file = await SavedAsync();

        Assert.Equal([null, $"bytes={half}-"], Service.Downloads.Sent.Select(sent => sent.Header("Range")));
        Assert.Equal((file.FullName, file.Length, Sha256.Of(SampleImages.Png)), SavedFile());
    }

    [Fact]
    public async Task A_download_that_starts_again_is_recorded_with_the_hash_of_the_file_that_is_saved()
    {
        Download(HttpStatusCode.OK, new MemoryStream([1, 2, 3]), contentRange: null);

        FileInfo file = await SavedAsync();

        Assert.Equal((file.FullName, file.Length, Sha256.Of(SampleImages.Png)), SavedFile());
    }

    [Fact]
    public async Task A_saved_file_that_was_not_noted_is_recognized_by_its_content()
    {
        FileInfo file = await SavedAsync();
        _bench.Crash(lostLines: 1);

        BananaJob job = await WaitAsync(await SubmitAsync());
        FileInfo again = await SaveAsync(job);

        Assert.Equal(file.FullName, again.FullName);
        Assert.Equal(file.FullName, Assert.Single((await ImageDownloader.FindSavedAsync(job))!).FullName);
    }

    [Fact]
    public async Task A_different_file_with_the_same_name_is_not_recognized_as_the_image()
    {
        FileInfo file = await SavedAsync();
        await File.AppendAllTextAsync(file.FullName, "x", Token);
        _bench.Crash();

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(async () => await SaveAsync(await WaitAsync(await SubmitAsync())));

        Assert.Equal(ApiframeErrorKind.FileExists, e.Kind);
    }

    [Fact]
    public async Task The_error_for_a_file_that_cannot_be_noted_contains_the_file()
    {
        Service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Completed());
        Service.Downloads.Bytes(SampleImages.Png, "image/png");
        BananaJob told = await Service.Client.GetJobAsync(await SubmitAsync(), retry: true, Token);
        using JournalLease lease = _bench.Open();
        _bench.Disk.Room = 0;

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => SaveAsync(told));

        Assert.Equal((ApiframeErrorKind.JournalNotWritable, told.JobId), (e.Kind, e.Job!.JobId));
        Assert.Equal(Assert.Single(Directory.GetFiles(_folder)), e.File!.FullName);
    }

    [Fact]
    public void A_preview_shows_which_images_have_a_job_and_writes_nothing()
    {
        var journal = new BananaJournal(Path.Combine(_folder, "autumn.jsonl"));
        Assert.False(journal.Preview().HasJob(FakeService.Request()));
        Assert.Empty(Directory.GetFiles(_folder));

        File.WriteAllLines(journal.Path, [
            JournalBench.Line(new JournalEvent.Begun(Service.Clock.UtcNow, "an id")),
            JournalBench.Line(new JournalEvent.Intended(Service.Clock.UtcNow, "k", new RequestFingerprint().Of(FakeService.Request().Checked()), 1, 1, FakeService.Request())),
            JournalBench.Line(new JournalEvent.Accepted(Service.Clock.UtcNow, "k", FakeService.JobId, "QUEUED", IsAdopted: false)),
            JournalBench.Line(new JournalEvent.Ended(Service.Clock.UtcNow, FakeService.JobId, "FAILED") { CreditCost = 9 }),
        ]);
        JournalPreview preview = journal.Preview();
        Assert.Equal((true, false), (preview.HasJob(FakeService.Request()), preview.HasJob(FakeService.Request())));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private async Task<BananaJob> SubmitAsync(SubmitRequest? request = null, CancellationToken? cancellationToken = null)
    {
        JournalLease lease = _bench.Open();
        try
        {
            return await new ApiframeClient(Service.Connection).SubmitAsync(lease.BeginRun().Claim(request ?? FakeService.Request()), cancellationToken ?? Token);
        }
        finally
        {
            await lease.ReleaseAsync();
        }
    }

    /// <summary>Returns a job that was accepted while the disk was full. Afterwards, the disk has room again.</summary>
    private async Task<BananaJob> AcceptedButNotNotedAsync()
    {
        Service.Api.Do(_ =>
        {
            _bench.Disk.Room = 0;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent(FakeService.Accepted(), Encoding.UTF8, "application/json") });
        });
        ApiframeException e;
        using (JournalLease lease = _bench.Open())
        {
            e = await Assert.ThrowsAsync<ApiframeException>(() => Service.Client.SubmitAsync(lease.BeginRun().Claim(FakeService.Request()), Token));
        }

        _bench.Disk.Room = int.MaxValue;
        return e.Job!;
    }

    private Task<BananaJob> WaitAsync(BananaJob job) => new JobWatcher(Service.Client, cancellationToken: Token).WaitAsync(job, TimeSpan.FromMinutes(10));

    private Task<FileInfo> SaveAsync(BananaJob job) =>
        new ImageDownloader(Service.Connection).SaveAsync(job, 0, SaveTarget.InFolder(_folder, job, 0), ExistingFile.Refuse, Token);

    private async Task<FileInfo> SavedAsync()
    {
        Service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Completed());
        Service.Downloads.Bytes(SampleImages.Png, "image/png");
        return await SaveAsync(await Service.Client.GetJobAsync(await SubmitAsync(), retry: true, Token));
    }

    /// <summary>Adds a response of the image host, with an entity tag.</summary>
    private void Download(HttpStatusCode status, Stream body, string? contentRange) => Service.Downloads.Do(_ =>
    {
        var response = new HttpResponseMessage(status) { Content = new StreamContent(body) };
        response.Headers.TryAddWithoutValidation("ETag", "\"v1\"");
        response.Content.Headers.TryAddWithoutValidation("Content-Range", contentRange);
        return Task.FromResult(response);
    });

    private (string File, long Length, string Sha256) SavedFile()
    {
        JournalFile file = Assert.Single(Assert.Single(_bench.State.Entries).Files);
        return (file.File, file.Length, file.Sha256);
    }

    private string Photo()
    {
        string path = Path.Combine(_folder, "photo.png");
        File.WriteAllBytes(path, SampleImages.Png);
        return path;
    }

    private static SubmitRequest With(string photo) => FakeService.Request() with { ReferenceImage = [photo] };

    /// <summary>Accepts uploads, each with a new address, and loses the response to every submission.</summary>
    private Func<SentRequest, (int Status, string Json)> Uploading(TimeSpan validFor)
    {
        int number = 0;
        return sent => IsSubmission(sent)
            ? throw new IOException("The connection was reset.")
            : (201, $$"""{ "url": "https://cdn.example.net/up/{{++number}}.png", "expiresAt": "{{(Service.Clock.UtcNow + validFor):O}}" }""");
    }

    private static bool IsSubmission(SentRequest sent) => sent.Url.AbsolutePath == "/v2/images/generate";

    private SentRequest[] Uploads() => [.. Service.Api.Sent.Where(sent => sent.Url.AbsolutePath == "/v2/uploads")];

    private string[] Keys() => [.. Service.Api.Sent.Where(IsSubmission).Select(sent => sent.Header("Idempotency-Key")!)];

    /// <summary>The lines that a crash at this moment leaves.</summary>
    private string[] Durable() => Encoding.UTF8.GetString(_bench.Disk.Durable).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
