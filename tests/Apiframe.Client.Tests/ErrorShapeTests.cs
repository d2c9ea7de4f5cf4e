using System;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class ErrorShapeTests
{
    private readonly FakeService _service = new(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });

    [Theory]
    [InlineData("""{ "error": "Invalid API key" }""", "Invalid API key")]
    [InlineData("""{ "message": "Invalid API key" }""", "Invalid API key")]
    [InlineData("""{ "error": { "message": "Invalid API key" } }""", "Invalid API key")]
    [InlineData("""{ "error": { "error": { "message": "Invalid API key" } } }""", "Invalid API key")]
    [InlineData("""{ "error": ["Invalid API key", "Ask for another"] }""", "Invalid API key; Ask for another")]
    [InlineData("""{ "error": { "reason": "revoked" } }""", "\"revoked\"")]
    [InlineData("""{ "error": {} }""", "does not accept the API key.")]
    [InlineData("""{ "error": 7 }""", "does not accept the API key.")]
    [InlineData("[]", "does not accept the API key.")]
    [InlineData("", "does not accept the API key.")]
    public async Task Every_shape_of_an_error_body_is_understood(string body, string text)
    {
        _service.Api.Json(body, 401);

        ApiframeException e = await AskAsync();

        Assert.Equal(ApiframeErrorKind.Authentication, e.Kind);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_HTML_page_of_a_gateway_is_not_an_error_about_the_key(int status)
    {
        _service.Api.Answer(status, "<html>\n  <b>Blocked</b>\n</html>");

        ApiframeException e = await AskAsync();

        Assert.Equal(ApiframeErrorKind.Gateway, e.Kind);
        Assert.Contains("<html> <b>Blocked</b> </html>", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, ApiframeErrorKind.Forbidden)]
    [InlineData(503, ApiframeErrorKind.ServiceUnavailable)]
    public async Task A_text_is_from_the_service_only_if_its_content_type_is_JSON(int status, ApiframeErrorKind kind)
    {
        _service.Api.Answer(status, "\"No\"", "application/json").Answer(status, "\"No\"", "text/html");

        Assert.Equal(kind, (await AskAsync()).Kind);
        Assert.Equal(ApiframeErrorKind.Gateway, (await AskAsync()).Kind);
    }

    [Theory]
    [InlineData(299, null)]
    [InlineData(300, ApiframeErrorKind.Gateway)]
    [InlineData(399, ApiframeErrorKind.Gateway)]
    public async Task The_statuses_from_200_to_299_are_successes_and_those_from_300_to_399_are_redirects(int status, ApiframeErrorKind? kind)
    {
        _service.Api.Json(FakeService.Completed(), status);

        Assert.Equal(kind, (await Record.ExceptionAsync(() => _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken)) as ApiframeException)?.Kind);
    }

    [Theory]
    [InlineData(200, Charge.Perhaps)]
    [InlineData(299, Charge.Perhaps)]
    [InlineData(300, Charge.Nothing)]
    [InlineData(499, Charge.Nothing)]
    [InlineData(500, Charge.Perhaps)]
    [InlineData(501, Charge.Nothing)]
    [InlineData(599, Charge.Perhaps)]
    public async Task A_submission_may_be_billed_after_a_success_without_a_job_and_after_a_failure_of_the_service(int status, Charge charge)
    {
        _service.Api.Json("{}", status);

        Assert.Equal(charge, (await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.SubmitAsync(FakeService.Request(), TestContext.Current.CancellationToken))).Charge);
    }

    [Theory]
    [InlineData("creditsRequired")]
    [InlineData("creditsAvailable")]
    public async Task An_error_about_too_few_credits_with_only_one_amount_contains_the_text_of_the_service(string amount)
    {
        _service.Api.Json($$"""{ "error": "Top up", "{{amount}}": 18 }""", 402);

        Assert.EndsWith("The account does not have enough credits: Top up.", (await AskAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_about_too_few_credits_contains_both_amounts()
    {
        _service.Api.Json("""{ "error": "Insufficient credits", "creditsRequired": 18, "creditsAvailable": 4 }""", 402);

        ApiframeException e = await AskAsync();

        Assert.Equal((18, 4), (e.CreditsRequired, e.CreditsAvailable));
        Assert.Contains("costs 18 credits, and the balance is 4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_details_are_kept_by_path()
    {
        _service.Api.Json("""{ "error": "Validation failed", "details": { "prompt": ["Must have at most 2000 characters"], "nanoBananaParams.resolution": "Not an allowed value", "odd": 7 } }""", 400);

        ApiframeException e = await AskAsync();

        Assert.Equal(["Must have at most 2000 characters"], e.Details["prompt"]);
        Assert.Equal(["Not an allowed value"], e.Details["nanoBananaParams.resolution"]);
        Assert.Empty(e.Details["odd"]);
    }

    [Theory]
    [InlineData("""[{ "path": ["prompt"], "message": "Too long" }, { "path": ["prompt"], "message": "Odd" }]""", "prompt", "Too long, Odd")]
    [InlineData("""[{ "path": "nanoBananaParams.resolution", "message": "Too long" }]""", "nanoBananaParams.resolution", "Too long")]
    [InlineData("""[{ "path": ["image_input", 2], "message": "Too long" }]""", "image_input.2", "Too long")]
    [InlineData("""[{ "field": "prompt", "message": "Too long" }]""", "prompt", "Too long")]
    [InlineData("""[{ "path": "prompt", "field": "body", "message": "Too long" }]""", "prompt", "Too long")]
    [InlineData("""["Too long", 7, null]""", "", "Too long")]
    [InlineData("\"Too long\"", "", "Too long")]
    public async Task Details_that_are_a_list_are_kept_by_path_and_in_the_message(string details, string path, string texts)
    {
        _service.Api.Json($$"""{ "error": "Validation failed", "details": {{details}} }""", 400);

        ApiframeException e = await AskAsync();

        Assert.Equal(texts, string.Join(", ", e.Details[path]));
        Assert.Contains($"Validation failed ({(path.Length == 0 ? path : path + ": ")}{texts}).", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("""{ "id": """)]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{ "id": 5, "status": "COMPLETED" }""")]
    public async Task A_success_response_of_another_form_is_InvalidResponse(string body)
    {
        _service.Api.Json(body);

        Assert.Equal(ApiframeErrorKind.InvalidResponse, (await AskAsync()).Kind);
    }

    [Fact]
    public async Task A_byte_order_mark_before_a_response_is_ignored()
    {
        _service.Api.Answer(200, "\uFEFF" + FakeService.Completed(), "application/json").Answer(200, "\uFEFF" + FakeService.Completed(), "text/plain");

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("COMPLETED", (await _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken)).Status);
        }
    }

    [Fact]
    public async Task A_byte_order_mark_before_an_error_response_is_ignored()
    {
        _service.Api.Answer(403, "\uFEFF" + """{ "error": "API key is inactive" }""", "application/json");

        ApiframeException e = await AskAsync();

        Assert.Equal(ApiframeErrorKind.Forbidden, e.Kind);
        Assert.Contains("API key is inactive", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_response_uses_a_bounded_amount_of_memory()
    {
        _service.Api.Bytes(new byte[17 * 1024 * 1024], "application/json");

        ApiframeException e = await AskAsync();

        Assert.Equal(ApiframeErrorKind.InvalidResponse, e.Kind);
        Assert.Contains("16 MB", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_service_echoes_is_masked_everywhere()
    {
        _service.Api.Json($$"""{ "error": "Bad key {{FakeService.Key}} or afk_other1", "details": { "afk_field": ["afk_text"] } }""", 400, ("x-request-id", "afk_request"));

        ApiframeException e = await AskAsync();

        Assert.Contains("Bad key afk_*** or afk_***", e.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"afk_\w", e + e.RequestId + string.Join(",", e.Details.Keys) + string.Join(",", _service.Log.Lines));
    }

    [Fact]
    public async Task A_key_that_the_limit_of_a_quoted_response_cuts_is_not_in_the_message()
    {
        _service.Api.Answer(500, new string(' ', 16 * 1024 - 20) + FakeService.Key);

        Assert.DoesNotContain(FakeService.Key[..12], (await AskAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The body of the response is empty.")]
    [InlineData(" \n ", "The body of the response is empty.")]
    [InlineData("<b>Down</b>", "The response begins with '<b>Down</b>'.")]
    public async Task A_response_that_is_not_from_the_service_is_quoted(string body, string said)
    {
        _service.Api.Answer(500, body);

        Assert.EndsWith(said, (await AskAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_of_16_KB_is_read_to_its_end()
    {
        _service.Api.Answer(500, new string(' ', 16 * 1024 - 4) + "Down");

        Assert.EndsWith("The response begins with 'Down'.", (await AskAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300, "'")]
    [InlineData(301, "...'")]
    public async Task An_error_text_of_more_than_300_characters_is_shortened(int length, string end)
    {
        _service.Api.Answer(500, new string('x', length));

        Assert.EndsWith($" '{new string('x', 300)}{end}.", (await AskAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("../me")]
    public async Task A_job_ID_that_is_not_valid_is_not_sent(string id)
    {
        ApiframeException e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(id, TestContext.Current.CancellationToken));

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.Empty(_service.Api.Sent);
    }

    [Fact]
    public async Task Each_attempt_is_logged_in_one_line_without_query_or_key()
    {
        _service.Api.Json("""{ "jobs": [] }""", 200, ("x-request-id", "req_7"));

        await _service.Client.ListJobsAsync(new JobFilter { Model = "secret-model" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["GET /v2/jobs 200 in 0 ms (req_7)"], _service.Log.Lines);
    }

    private Task<ApiframeException> AskAsync() =>
        Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(FakeService.JobId, TestContext.Current.CancellationToken));
}
