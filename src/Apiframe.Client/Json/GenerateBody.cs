using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Apiframe.Client.Json;

/// <summary>The body of <c>POST /v2/images/generate</c>, in either of its two published forms (contract sections 3 and 11).</summary>
internal sealed class GenerateBody
{
    /// <summary>What the model page's form always asks for.</summary>
    public static IReadOnlyList<string> DefaultWebhookEvents { get; } = ["completed", "failed"];

    [JsonPropertyName("model")]
    public required string Model { get; init; }

    [JsonPropertyName("prompt")]
    public required string Prompt { get; init; }

    [JsonPropertyName("nanoBananaParams")]
    public Parameters? NanoBananaParams { get; init; }

    [JsonPropertyName("webhook_url")]
    public string? ModelPageWebhookUrl { get; init; }

    [JsonPropertyName("webhookUrl")]
    public string? OpenApiWebhookUrl { get; init; }

    [JsonPropertyName("webhookEvents")]
    public IReadOnlyList<string>? WebhookEvents { get; init; }

    /// <summary>The request in UTF-8. Fields that were not given are left out: request schemas are closed.</summary>
    public static byte[] Write(SubmitRequest request, RequestForm form)
    {
        bool modelPage = form == RequestForm.ModelPage;
        var parameters = new Parameters
        {
            AspectRatio = request.AspectRatio,
            Resolution = request.Resolution,
            OutputFormat = request.OutputFormat,
            ImageInput = request.ReferenceImage.Count == 0 ? null
                : modelPage ? JsonSerializer.SerializeToElement(request.ReferenceImage[0], WireContext.Default.String)
                : JsonSerializer.SerializeToElement(request.ReferenceImage, WireContext.Default.IReadOnlyListString),
            GoogleSearch = request.GoogleSearch ? true : null,
            ImageSearch = request.ImageSearch ? true : null,
        };
        var body = new GenerateBody
        {
            Model = request.Model ?? SubmitRequest.DefaultModel,
            Prompt = request.Prompt,
            NanoBananaParams = parameters.IsEmpty ? null : parameters,
            ModelPageWebhookUrl = modelPage ? request.WebhookUrl : null,
            OpenApiWebhookUrl = modelPage ? null : request.WebhookUrl,
            // Which events the service sends when only the URL is given is not documented, so they are always named.
            WebhookEvents = modelPage || request.WebhookUrl is null ? null
                : request.WebhookEvent.Count > 0 ? request.WebhookEvent : DefaultWebhookEvents,
        };
        return JsonSerializer.SerializeToUtf8Bytes(body, WireContext.Default.GenerateBody);
    }

    internal sealed class Parameters
    {
        [JsonPropertyName("aspect_ratio")]
        public string? AspectRatio { get; init; }

        [JsonPropertyName("resolution")]
        public string? Resolution { get; init; }

        [JsonPropertyName("image_input")]
        public JsonElement? ImageInput { get; init; }

        [JsonPropertyName("output_format")]
        public string? OutputFormat { get; init; }

        [JsonPropertyName("google_search")]
        public bool? GoogleSearch { get; init; }

        [JsonPropertyName("image_search")]
        public bool? ImageSearch { get; init; }

        [JsonIgnore]
        public bool IsEmpty => (AspectRatio ?? Resolution ?? OutputFormat) is null && (ImageInput, GoogleSearch, ImageSearch) is (null, null, null);
    }
}
