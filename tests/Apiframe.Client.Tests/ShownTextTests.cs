using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Apiframe.Client.Webhooks;
using Xunit;

namespace Apiframe.Client.Tests;

/// <summary>Tests that no text contains characters that a terminal interprets: control characters, and marks that change the direction of text.</summary>
public sealed class ShownTextTests
{
    private static readonly string Commands =
        string.Concat(Enumerable.Range(0, 0xA0).Where(code => code is not ('\n' or '\t') and (< 0x20 or >= 0x7F)).Select(code => (char)code))
        + "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private readonly FakeService _service = new(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });

    private static string Hostile => JsonSerializer.Serialize($"a{Commands}[31mb");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_characters_that_a_terminal_interprets_are_removed_from_text()
    {
        Assert.Equal("ab", ShownText.Printable($"a{Commands}b"));
        Assert.Equal("a\tb\nc \u200D 🍌 שלום é", ShownText.Printable("a\tb\r\nc \u200D 🍌 שלום é"));
    }

    [Fact]
    public void A_value_in_a_message_is_one_short_line()
    {
        Assert.Equal("a b c", ShownText.Excerpt(" a\r\n\tb\u001B c"));
        Assert.Equal(new string('x', 57) + "...", ShownText.Excerpt(new string('x', 61)));
    }

    [Fact]
    public async Task Every_text_of_a_job_is_printable()
    {
        _service.Api.Json($$"""
            { "id": "{{FakeService.JobId}}", "status": {{Hostile}}, "model": {{Hostile}}, "error": {{Hostile}}, "webhookStatus": {{Hostile}},
              "input": { "prompt": {{Hostile}}, "nanoBananaParams": { "resolution": {{Hostile}}, "aspect_ratio": {{Hostile}}, "output_format": {{Hostile}}, "image_input": [{{Hostile}}] } } }
            """);

        BananaJob job = await _service.Client.GetJobAsync(FakeService.JobId, Token);

        Assert.Equal("A[31MB", job.Status);
        Assert.All(
            [job.Model, job.Error, job.WebhookStatus, job.Prompt, job.Resolution, job.AspectRatio, job.OutputFormat, job.ReferenceImage![0]],
            text => Assert.Equal("a[31mb", text));
    }

    [Fact]
    public async Task A_prompt_is_kept_as_it_was_submitted()
    {
        const string Prompt = "\u200Fשלום\u200F!\r\n2nd line";
        _service.Api.Json(FakeService.Accepted(), 202).Json(FakeService.Job("PROCESSING", """, "input": { "prompt": "another" }"""));

        BananaJob job = await _service.Client.SubmitAsync(FakeService.Request(Prompt), Token);

        Assert.Equal(Prompt, (await _service.Client.GetJobAsync(job, retry: false, Token)).Prompt);
    }

    [Fact]
    public async Task Every_text_of_an_account_and_of_models_is_printable()
    {
        _service.Api
            .Json($$"""{ "user": { "id": {{Hostile}}, "email": {{Hostile}}, "role": {{Hostile}} }, "team": { "id": {{Hostile}}, "name": {{Hostile}}, "plan": {{Hostile}} }, "apiKey": { "name": {{Hostile}}, "prefix": {{Hostile}} } }""")
            .Json($$"""{ "models": [ { "id": {{Hostile}}, "label": {{Hostile}}, "modality": {{Hostile}}, "description": {{Hostile}}, "pricingMode": {{Hostile}} } ] }""");

        BananaAccount account = await _service.Client.GetAccountAsync(Token);
        BananaModel model = Assert.Single(await _service.Client.ListModelsAsync(cancellationToken: Token));

        Assert.All(
            [
                account.UserId, account.UserEmail, account.UserRole, account.TeamId, account.TeamName, account.Plan, account.ApiKeyName, account.ApiKeyPrefix,
                model.Model, model.Label, model.Modality, model.Description, model.PricingMode,
            ],
            text => Assert.Equal("a[31mb", text));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Every_text_of_an_error_is_printable(int status)
    {
        _service.Api.Json($$"""{ "error": {{Hostile}}, "details": { {{Hostile}}: [{{Hostile}}] } }""", status);

        await AssertPrintableAsync();
    }

    [Fact]
    public async Task A_quoted_page_is_printable()
    {
        _service.Api.Answer(502, $"<html>{Commands}</html>");

        await AssertPrintableAsync();
    }

    [Fact]
    public void The_name_of_a_webhook_is_printable()
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(FakeService.Completed());

        Assert.Equal("ab", WebhookEvent.Read(body, _service.Connection, $"a{Commands}b").Name);
    }

    private async Task AssertPrintableAsync()
    {
        var e = await Assert.ThrowsAsync<ApiframeException>(() => _service.Client.GetJobAsync(FakeService.JobId, Token));

        string shown = e.Message + e.RequestId + string.Concat(e.Details.Select(field => field.Key + string.Concat(field.Value))) + string.Concat(_service.Log.Lines);
        Assert.Equal(ShownText.Printable(shown), shown);
    }
}
