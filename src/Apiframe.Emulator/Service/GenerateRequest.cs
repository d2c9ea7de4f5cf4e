using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>A generate request that has passed validation.</summary>
/// <param name="Model">The ID of the model.</param>
/// <param name="Fingerprint">Equal for bodies that say the same, whatever the order of their members and their white space.</param>
internal sealed record GenerateRequest(string Model, string Fingerprint)
{
    private const string Params = "nanoBananaParams";

    public string? Resolution { get; init; }

    public string? AspectRatio { get; init; }

    public string FileExtension { get; init; } = "jpg";

    /// <summary>The URLs of the reference images.</summary>
    public IReadOnlyList<string> ImageInput { get; init; } = [];

    /// <summary>Who is to be told of the job; null for nobody.</summary>
    public WebhookTarget? Webhook { get; init; }

    /// <summary>The <c>input</c> echo of the job, as JSON.</summary>
    public string Input { get; init; } = "{}";

    /// <param name="body">A valid body.</param>
    /// <param name="fingerprint">The body in the one spelling that all bodies have that say the same.</param>
    public static GenerateRequest Read(JsonElement body, string fingerprint)
    {
        var parameters = Member(body, Params);
        var webhookUrl = Text(body, "webhookUrl") ?? Text(body, "webhook_url");
        var input = new JsonObject { ["prompt"] = Text(body, "prompt") };
        if (parameters is { } given)
        {
            input[Params] = JsonObject.Create(given);
        }

        return new GenerateRequest(Text(body, "model")!, fingerprint)
        {
            Resolution = Text(parameters, "resolution"),
            AspectRatio = Text(parameters, "aspect_ratio"),
            FileExtension = Text(parameters, "output_format") ?? "jpg",
            ImageInput = OneOrMany(parameters, "image_input") ?? [],
            Webhook = webhookUrl is null ? null : new WebhookTarget(webhookUrl, OneOrMany(body, "webhookEvents")),
            Input = input.ToJsonString(),
        };
    }

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { } given && given.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? json, string name) => Member(json, name)?.GetString();

    private static string[]? OneOrMany(JsonElement? json, string name) => Member(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(one => one.GetString()!)],
        { } one => [one.GetString()!],
    };
}
