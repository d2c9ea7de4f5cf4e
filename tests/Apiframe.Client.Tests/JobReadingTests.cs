using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class JobReadingTests
{
    private readonly FakeService _service = new();

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\u00FF")]
    public async Task Invalid_Unicode_does_not_make_a_paid_job_unreadable(string prompt)
    {
        byte[] body = Encoding.Latin1.GetBytes(
            FakeService.Job("COMPLETED", $$""", "result": "https://cdn.example.net/1.png", "input": { "prompt": "{{prompt}}" }"""));
        _service.Api.Bytes(body, "application/json");

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal(("COMPLETED", "https://cdn.example.net/1.png", null), (job.Status, job.ImageUrl!.ToString(), job.Prompt));
    }

    [Theory]
    [InlineData("0b6b5a0e-61f5-4b8b-8f0e-5a3c0e0f7712")]
    [InlineData("7d1f0c52-3b7e-4a0e-9a55-2f6c1d8e4b9")]
    public async Task A_response_about_another_job_is_ignored(string other)
    {
        _service.Api.Json(FakeService.Completed().Replace(FakeService.JobId, other, StringComparison.Ordinal)).Json(FakeService.Completed());

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal((FakeService.JobId, 2), (job.JobId, _service.Api.Sent.Count));
    }

    [Fact]
    public async Task A_service_that_always_returns_another_job_is_an_error()
    {
        _service.Api.Json(FakeService.Completed().Replace(FakeService.JobId, "0b6b5a0e-61f5-4b8b-8f0e-5a3c0e0f7712", StringComparison.Ordinal));

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.InvalidResponse, e.Kind);
        Assert.Contains("describes a job other than 7d1f0c52", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7D1F0C52-3B7E-4A0E-9A55-2F6C1D8E4B90")]
    [InlineData("7d1f0c523b7e4a0e9a552f6c1d8e4b90")]
    public async Task The_same_ID_in_another_spelling_is_the_same_job(string spelling)
    {
        _service.Api.Json(FakeService.Completed().Replace(FakeService.JobId, spelling, StringComparison.Ordinal));

        await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Single(_service.Api.Sent);
    }

    [Fact]
    public async Task Every_field_of_a_completed_job_is_read()
    {
        _service.Api.Json($$"""
            {
              "id": "{{FakeService.JobId}}", "status": "COMPLETED", "model": "nano-banana-2", "progress": 100,
              "result": { "images": ["https://cdn.example.net/1.png"] }, "error": null, "creditCost": 9, "webhookStatus": "delivered",
              "createdAt": "2026-11-20T09:14:02.117Z", "completedAt": "2026-11-20T09:14:15.902Z", "expired": false, "somethingNew": { "a": 1 },
              "input": { "prompt": "Cutaway", "nanoBananaParams": { "resolution": "2K", "aspect_ratio": "16:9", "output_format": "png",
                         "image_input": "https://a.example/r.png", "google_search": true, "image_search": true } }
            }
            """);

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId.ToUpperInvariant(), TestContext.Current.CancellationToken);

        Assert.Equal("https://api.apiframe.ai/v2/jobs/" + FakeService.JobId, _service.Api.Sent[0].Url.ToString());
        Assert.True(job.IsFinal);
        Assert.Equal((FakeService.JobId, "COMPLETED", "nano-banana-2", 100), (job.JobId, job.Status, job.Model, job.Progress));
        Assert.Equal(new Uri("https://cdn.example.net/1.png"), job.ImageUrl);
        Assert.Equal((9m, "delivered", false), (job.CreditCost, job.WebhookStatus, job.Expired));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 14, 2, 117, TimeSpan.Zero), job.CreatedAt);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 14, 15, 902, TimeSpan.Zero), job.CompletedAt);
        Assert.Equal(("Cutaway", "2K", "16:9", "png"), (job.Prompt, job.Resolution, job.AspectRatio, job.OutputFormat));
        Assert.Equal(["https://a.example/r.png"], job.ReferenceImage);
        Assert.True(job.GoogleSearch && job.ImageSearch);
        Assert.Contains("somethingNew", job.RawJson);
        job.EnsureCompleted();
    }

    [Theory]
    [InlineData("\"https://c.example/1.png\"", "https://c.example/1.png")]
    [InlineData("""["https://c.example/1.png", "https://c.example/2.png"]""", "https://c.example/1.png https://c.example/2.png")]
    [InlineData("""[{ "url": "https://c.example/1.png" }, { "other": 1 }, 7]""", "https://c.example/1.png")]
    [InlineData("""{ "images": ["https://c.example/1.png"], "gridUrl": "https://c.example/g.png" }""", "https://c.example/1.png")]
    [InlineData("""{ "images": [{ "url": "https://c.example/1.png" }] }""", "https://c.example/1.png")]
    [InlineData("""{ "images": [], "imageUrl": "https://c.example/1.png" }""", "https://c.example/1.png")]
    [InlineData("""{ "image": "https://c.example/1.png" }""", "https://c.example/1.png")]
    [InlineData("""{ "url": "https://c.example/1.png" }""", "https://c.example/1.png")]
    [InlineData("""{ "gridUrl": "http://c.example/g.png" }""", "http://c.example/g.png")]
    [InlineData("""{ "images": ["/1.png", "file:///etc/passwd", "javascript:x", ""] }""", "")]
    [InlineData("""{ "videoUrl": "https://c.example/1.mp4" }""", "")]
    [InlineData("null", "")]
    [InlineData("7", "")]
    public async Task Every_shape_of_a_result_gives_its_image_urls(string result, string urls)
    {
        _service.Api.Json(FakeService.Completed(result));

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal(urls, string.Join(" ", job.ImageUrls));
    }

    [Theory]
    [InlineData("\"Declined\"", "Declined")]
    [InlineData("""{ "message": "Declined" }""", "Declined")]
    [InlineData("""{ "message": "Declined", "code": "IMAGE_SAFETY" }""", "Declined (IMAGE_SAFETY)")]
    [InlineData("""{ "error": { "message": "Declined" }, "status": 3 }""", "Declined")]
    [InlineData("""{ "code": "IMAGE_SAFETY", "status": 3 }""", """{ "code": "IMAGE_SAFETY", "status": 3 }""")]
    [InlineData("""["Declined", { "message": "Odd" }, 7]""", "Declined; Odd")]
    [InlineData("[7]", "[7]")]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    public async Task Every_shape_of_the_error_of_a_job_gives_its_text(string error, string? words)
    {
        _service.Api.Json(FakeService.Job("FAILED", $$""", "error": {{error}}"""));

        Assert.Equal(words, (await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken)).Error);
    }

    [Theory]
    [InlineData("jobId")]
    [InlineData("id")]
    [InlineData("job_id")]
    public async Task The_ID_is_read_under_each_of_its_field_names(string name)
    {
        _service.Api.Json($$"""{ "{{name}}": "{{FakeService.JobId}}", "status": "QUEUED" }""", 202);

        Assert.Equal(FakeService.JobId, (await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken)).JobId);
    }

    [Theory]
    [InlineData("jobId", "id")]
    [InlineData("jobId", "job_id")]
    [InlineData("id", "job_id")]
    public async Task The_documented_field_name_of_an_ID_precedes_the_others(string name, string other)
    {
        _service.Api.Json($$"""{ "{{other}}": "request-7", "{{name}}": "{{FakeService.JobId}}", "status": "QUEUED" }""", 202);

        Assert.Equal(FakeService.JobId, (await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken)).JobId);
    }

    [Fact]
    public async Task The_model_and_the_time_of_a_job_are_those_of_the_response_or_else_those_that_were_known()
    {
        _service.Api.Json(FakeService.Accepted(), 202)
            .Json($$"""{ "id": "{{FakeService.JobId}}", "status": "PROCESSING" }""")
            .Json($$"""{ "id": "{{FakeService.JobId}}", "status": "PROCESSING", "model": "nano-banana-2", "createdAt": "2026-11-20T08:59:58Z" }""");
        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request() with { Model = "nano-banana-pro" }, TestContext.Current.CancellationToken);

        BananaJob without = await _service.Client.GetJobAsync(job, retry: false, TestContext.Current.CancellationToken);
        BananaJob with = await _service.Client.GetJobAsync(without, retry: false, TestContext.Current.CancellationToken);

        Assert.Equal(("nano-banana-pro", job.CreatedAt), (without.Model, without.CreatedAt));
        Assert.Equal(("nano-banana-2", job.CreatedAt!.Value.AddSeconds(-2)), (with.Model, with.CreatedAt));
    }

    [Fact]
    public async Task A_job_ID_from_the_service_is_sent_in_any_form()
    {
        _service.Api.Json("""{ "jobId": "job/1 ü", "status": "QUEUED" }""", 202).Json("""{ "id": "job/1 ü", "status": "QUEUED" }""");

        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken);
        await _service.Client.GetJobAsync(job, retry: false, TestContext.Current.CancellationToken);

        Assert.Equal("/v2/jobs/job%2F1%20%C3%BC", _service.Api.Sent[1].Url.AbsolutePath);
    }

    [Theory]
    [InlineData("canceled", "CANCELLED", true)]
    [InlineData("Completed", "COMPLETED", true)]
    [InlineData("UPSCALING", "UPSCALING", false)]
    [InlineData("", "", false)]
    public async Task Statuses_are_compared_without_case_and_unknown_ones_are_not_final(string wire, string status, bool final)
    {
        _service.Api.Json(FakeService.Job(wire));

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal((status, final), (job.Status, job.IsFinal));
    }

    [Fact]
    public async Task Fields_of_an_unexpected_type_do_not_make_a_paid_job_unreadable()
    {
        _service.Api.Json(FakeService.Job("COMPLETED", """
            , "progress": "100", "creditCost": "4.5", "createdAt": 17, "completedAt": "soon", "expired": "no", "error": {}, "webhookStatus": 3,
            "input": [], "result": { "images": ["https://c.example/1.png"] }
            """));

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal((100, 4.5m, null, null, false), (job.Progress, job.CreditCost, job.CreatedAt, job.CompletedAt, job.Expired));
        Assert.NotNull(job.ImageUrl);
    }

    [Fact]
    public async Task Keys_in_a_job_are_masked()
    {
        _service.Api.Json(FakeService.Job("FAILED", $$""", "error": "rejected {{FakeService.Key}}" """));

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        Assert.Equal("rejected afk_***", job.Error);
        Assert.DoesNotContain(FakeService.Key, job.RawJson);
    }

    [Theory]
    [InlineData("FAILED", """, "error": "The provider declined the prompt (content policy)" """, ApiframeErrorKind.JobFailed, "declined the prompt")]
    [InlineData("FAILED", "", ApiframeErrorKind.JobFailed, "gave no reason")]
    [InlineData("CANCELLED", "", ApiframeErrorKind.JobCancelled, "canceled")]
    [InlineData("COMPLETED", "", ApiframeErrorKind.JobWithoutImage, "returned no image")]
    [InlineData("COMPLETED", """, "expired": true """, ApiframeErrorKind.ImageExpired, "no longer stores")]
    [InlineData("PROCESSING", "", ApiframeErrorKind.JobNotFinished, "not finished. Its status is PROCESSING")]
    public async Task The_error_for_a_job_without_an_image_contains_the_reason_and_the_job(string status, string more, ApiframeErrorKind kind, string text)
    {
        _service.Api.Json(FakeService.Job(status, more));
        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken);

        ApiframeException e = Assert.Throws<ApiframeException>(job.EnsureCompleted);

        Assert.Equal(kind, e.Kind);
        Assert.Same(job, e.Job);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
        Assert.Contains(FakeService.JobId, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_requested_with_its_filters_and_paged_by_cursor()
    {
        _service.Api
            .Json($$"""{ "jobs": [{{FakeService.Completed()}}], "nextCursor": "a/b=", "hasMore": true }""")
            .Json("""{ "jobs": [], "nextCursor": null, "hasMore": false }""");
        var filter = new JobFilter { Status = "failed", Model = "nano-banana", Team = true };

        JobPage first = await _service.Client.ListJobsAsync(filter, cancellationToken: TestContext.Current.CancellationToken);
        JobPage last = await _service.Client.ListJobsAsync(filter, 5, first.NextCursor, TestContext.Current.CancellationToken);

        Assert.Equal("?limit=100&status=FAILED&model=nano-banana&scope=team", _service.Api.Sent[0].Url.Query);
        Assert.Equal("?limit=5&status=FAILED&model=nano-banana&scope=team&cursor=a%2Fb%3D", _service.Api.Sent[1].Url.Query);
        Assert.Equal(FakeService.JobId, Assert.Single(first.Jobs).JobId);
        Assert.Null(last.NextCursor);
    }

    [Theory]
    [InlineData("""{ "jobs": [], "nextCursor": "same", "hasMore": true }""")]
    [InlineData("""{ "jobs": [], "nextCursor": "next", "hasMore": false }""")]
    [InlineData("""{ "jobs": [], "nextCursor": "", "hasMore": true }""")]
    public async Task Paging_ends_if_hasMore_is_false_or_the_cursor_is_empty_or_unchanged(string page)
    {
        _service.Api.Json(page);

        Assert.Null((await _service.Client.ListJobsAsync(new JobFilter(), cursor: "same", cancellationToken: TestContext.Current.CancellationToken)).NextCursor);
    }

    [Theory]
    [InlineData("""{ "jobs": {} }""")]
    [InlineData("""{ "jobs": [{ "status": "QUEUED" }] }""")]
    [InlineData("""{ "jobs": [7] }""")]
    public async Task A_response_without_a_list_of_jobs_is_an_error(string page)
    {
        _service.Api.Json(page);

        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(
            () => _service.Client.ListJobsAsync(new JobFilter(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.InvalidResponse, e.Kind);
    }

    [Fact]
    public void A_job_as_text_is_its_ID_and_status() => Assert.Equal(
        ["1 QUEUED", "2"], new[] { new BananaJob { JobId = "1", Status = "QUEUED" }, new BananaJob { JobId = "2" } }.Select(job => job.ToString()));
}
