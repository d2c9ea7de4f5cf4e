using System.IO;
using System.Linq;
using System.Text.Json;
using Apiframe.Emulator.Jobs;
using Apiframe.Emulator.Webhooks;

namespace Apiframe.Emulator.Endpoints;

/// <summary>Reads the body of <c>POST /v2/images/generate</c> once it has passed validation.</summary>
internal static class GenerateRequestReader
{
    private const string Params = "nanoBananaParams";

    public static GenerateRequest Read(JsonElement body)
    {
        var hasParams = body.TryGetProperty(Params, out var parameters);
        return new GenerateRequest
        {
            Model = body.GetProperty("model").GetString()!,
            Resolution = Text("resolution"),
            AspectRatio = Text("aspect_ratio"),
            FileExtension = Text("output_format") ?? "jpg",
            ImageInput = hasParams && parameters.TryGetProperty("image_input", out var images) ? OneOrMany(images) : [],
            Webhook = Webhook(body),
            InputJson = InputEcho(body.GetProperty("prompt"), hasParams ? parameters : null),
            Fingerprint = CanonicalJson.Fingerprint(body),
        };

        string? Text(string name) => hasParams && parameters.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private static WebhookTarget? Webhook(JsonElement body)
    {
        var events = body.TryGetProperty("webhookEvents", out var names) ? OneOrMany(names) : null;
        return body.TryGetProperty("webhookUrl", out var url) || body.TryGetProperty("webhook_url", out url)
            ? new WebhookTarget(url.GetString()!, events)
            : null;
    }

    private static string[] OneOrMany(JsonElement texts) => texts.ValueKind == JsonValueKind.Array
        ? texts.EnumerateArray().Select(text => text.GetString()!).ToArray()
        : [texts.GetString()!];

    private static byte[] InputEcho(JsonElement prompt, JsonElement? parameters)
    {
        using var buffer = new MemoryStream();
        using (var writer = JsonBody.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("prompt", prompt.GetString());
            if (parameters is { } given)
            {
                writer.WritePropertyName(Params);
                given.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
