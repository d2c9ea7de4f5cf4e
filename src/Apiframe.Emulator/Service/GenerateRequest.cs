using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>A generate request that has passed validation.</summary>
internal sealed class GenerateRequest
{
    public const string Params = "nanoBananaParams";

    private readonly JsonElement _body;
    private readonly JsonElement? _params;

    public GenerateRequest(JsonElement body, string fingerprint)
    {
        _body = body;
        _params = Member(body, Params);
        Fingerprint = fingerprint;
        Model = Text(body, "model")!;
        FileExtension = Text(_params, "output_format") ?? "jpg";
        var webhookUrl = Text(body, "webhookUrl") ?? Text(body, "webhook_url");
        Webhook = webhookUrl is null ? null : new WebhookTarget(webhookUrl, OneOrMany(body, "webhookEvents"));
    }

    public string Model { get; }

    public string FileExtension { get; }

    /// <summary>Who is to be told of the job; null for nobody.</summary>
    public WebhookTarget? Webhook { get; }

    public string Fingerprint { get; }

    public string? Resolution => Text(_params, "resolution");

    public string? AspectRatio => Text(_params, "aspect_ratio");

    /// <summary>The URLs of the reference images.</summary>
    public IReadOnlyList<string> ImageInput => OneOrMany(_params, "image_input") ?? [];

    /// <summary>The <c>input</c> of the job: the request as it was sent.</summary>
    public JsonObject Input() => JsonObject.Create(_body)!;

    /// <summary>Equal for JSON texts that say the same, whatever the order of their members, their white space and their escapes.</summary>
    /// <exception cref="InvalidOperationException">There is half of a surrogate pair, which no text can have.</exception>
    public static string FingerprintOf(JsonElement json) => json.ValueKind switch
    {
        // Of two members with one name the last counts, as in JavaScript.
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject()
            .GroupBy(member => member.Name)
            .OrderBy(members => members.Key, StringComparer.Ordinal)
            .Select(members => JsonEncodedText.Encode(members.Key) + ":" + FingerprintOf(members.Last().Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(FingerprintOf)) + "]",
        JsonValueKind.String => "\"" + JsonEncodedText.Encode(json.GetString()!) + "\"",
        _ => json.GetRawText(),
    };

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
