using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apiframe.Client.Tests.Fakes;
using Xunit;

namespace Apiframe.Client.Tests;

public sealed class ModelTests
{
    private readonly FakeService _service = new(new ApiframeConnectionOptions { ApiKey = FakeService.Key, MaximumRetryCount = 0 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_field_of_the_documented_model_list_is_read()
    {
        _service.Api.Json(FakeService.Models);

        BananaModel model = Assert.Single(await _service.Client.ListModelsAsync("image", Token));

        Assert.Equal(("nano-banana-2", "Nano Banana 2", "image", "Example text"), (model.Model, model.Label, model.Modality, model.Description));
        Assert.Equal(("per-output", 5m, 15m), (model.PricingMode, model.CostMin, model.CostMax));
        Assert.Contains("\"isNew\": true", model.RawJson);
        Assert.Equal("nano-banana-2", model.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(FakeService.Key)]
    public async Task The_model_list_needs_no_key_and_no_key_is_sent(string? key)
    {
        var service = new FakeService(new ApiframeConnectionOptions { ApiKey = key });
        service.Api.Json(FakeService.Models);

        Assert.Single(await service.Client.ListModelsAsync(cancellationToken: Token));

        SentRequest sent = Assert.Single(service.Api.Sent);
        Assert.DoesNotContain(sent.Headers, header => header.Value.Contains("afk_", StringComparison.Ordinal));
        Assert.Null(sent.Header("X-API-Key"));
        Assert.NotNull(sent.Header("User-Agent"));
    }

    [Theory]
    [InlineData(null, "/v2/models")]
    [InlineData(" ", "/v2/models")]
    [InlineData("image", "/v2/models?modality=image")]
    [InlineData(" Video ", "/v2/models?modality=video")]
    [InlineData("3d&x", "/v2/models?modality=3d%26x")]
    public async Task The_modality_is_sent_in_the_documented_spelling(string? modality, string asked)
    {
        _service.Api.Json(FakeService.Models);

        await _service.Client.ListModelsAsync(modality, Token);

        Assert.Equal(asked, _service.Api.Sent[0].Url.PathAndQuery);
    }

    [Fact]
    public async Task Invalid_entries_and_fields_do_not_hide_the_others()
    {
        _service.Api.Json("""
            {
              "models": [ null, 7, {}, { "id": 3 }, { "id": "" }, { "id": "bare" },
                          { "id": "odd", "label": [], "modality": 1, "description": {}, "pricingMode": false, "costMin": "2.5", "costMax": "free" } ],
              "next": null
            }
            """);

        IReadOnlyList<BananaModel> models = await _service.Client.ListModelsAsync(cancellationToken: Token);

        Assert.Equal(["bare", "odd"], models.Select(model => model.Model));
        Assert.All(models, model => Assert.Equal(
            (null, null, null, null, null), (model.Label, model.Modality, model.Description, model.PricingMode, model.CostMax)));
        Assert.Equal([null, 2.5m], models.Select(model => model.CostMin));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "models": null }""")]
    [InlineData("""{ "models": {} }""")]
    public async Task A_response_without_a_list_of_models_is_an_error(string answer)
    {
        _service.Api.Json(answer);

        Assert.Equal(ApiframeErrorKind.InvalidResponse, (await RefusalAsync()).Kind);
    }

    [Fact]
    public async Task An_empty_model_list_is_valid()
    {
        _service.Api.Json("""{ "models": [] }""");

        Assert.Empty(await _service.Client.ListModelsAsync("music", Token));
    }

    [Fact]
    public async Task An_unknown_modality_is_an_error_with_the_text_of_the_service()
    {
        _service.Api.Json("""{ "error": "Validation failed", "details": { "modality": ["Not an allowed value"] } }""", 400);

        ApiframeException e = await RefusalAsync();

        Assert.Equal(ApiframeErrorKind.InvalidRequest, e.Kind);
        Assert.Contains("modality: Not an allowed value", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_in_a_model_are_masked()
    {
        _service.Api.Json($$"""{ "models": [ { "id": "m", "description": "{{FakeService.Key}} afk_other" } ] }""");

        BananaModel model = Assert.Single(await _service.Client.ListModelsAsync(cancellationToken: Token));

        Assert.Equal("afk_*** afk_***", model.Description);
        Assert.DoesNotMatch(@"afk_\w", model.RawJson!);
    }

    [Fact]
    public async Task A_404_is_an_error_about_the_base_URI_and_not_about_a_job()
    {
        _service.Api.Json("""{ "error": "Not found" }""", 404);

        ApiframeException e = await RefusalAsync();

        Assert.Equal((ApiframeErrorKind.InvalidBaseUri, 404), (e.Kind, e.StatusCode));
        Assert.Contains("HTTP status 404 for the path /v2/models.", e.Message, StringComparison.Ordinal);
    }

    private Task<ApiframeException> RefusalAsync() => Assert.ThrowsAsync<ApiframeException>(() => _service.Client.ListModelsAsync("x", Token));
}
