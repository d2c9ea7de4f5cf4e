using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>A submission that has passed validation.</summary>
internal sealed class JobRequest
{
    private readonly JsonElement _body;
    private readonly JsonElement? _params;

    /// <param name="body">The body of the request.</param>
    /// <param name="fingerprint">A text that is equal for equal requests.</param>
    /// <param name="paramsName">The field with the parameters of the model.</param>
    public JobRequest(JsonElement body, string fingerprint, string paramsName)
    {
        _body = body;
        _params = Member(body, paramsName);
        Fingerprint = fingerprint;
        ParamsName = paramsName;
        Model = Member(body, "model")!.Value.GetString()!;
        var webhookUrl = Member(body, "webhookUrl") ?? Member(body, "webhook_url");
        Webhook = webhookUrl is { } url ? new WebhookTarget(url.GetString()!, OneOrMany(body, "webhookEvents")) : null;
    }

    public string Model { get; }

    /// <summary>The field with the parameters of the model.</summary>
    public string ParamsName { get; }

    public WebhookTarget? Webhook { get; }

    public string Fingerprint { get; }

    /// <summary>Returns the <c>input</c> of the job: the request as it was sent.</summary>
    public JsonObject Input() => JsonObject.Create(_body)!;

    /// <summary>Returns a text that is equal for JSON texts with the same meaning, regardless of the order of properties, white space, and escapes.</summary>
    /// <exception cref="InvalidOperationException">A string contains half of a surrogate pair.</exception>
    public static string FingerprintOf(JsonElement json) => json.ValueKind switch
    {
        // The last of several properties with the same name counts, as in JavaScript.
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject()
            .GroupBy(member => member.Name)
            .OrderBy(members => members.Key, StringComparer.Ordinal)
            .Select(members => JsonEncodedText.Encode(members.Key) + ":" + FingerprintOf(members.Last().Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(FingerprintOf)) + "]",
        JsonValueKind.String => "\"" + JsonEncodedText.Encode(json.GetString()!) + "\"",
        _ => json.GetRawText(),
    };

    /// <summary>Returns a text parameter, or null if it is missing.</summary>
    public string? Text(string parameter) => Member(_params, parameter)?.GetString();

    /// <summary>Returns a parameter that consists of one text or several.</summary>
    public IReadOnlyList<string> Texts(string parameter) => OneOrMany(_params, parameter) ?? [];

    /// <summary>Returns a number parameter, or null if it is missing.</summary>
    public double? Number(string parameter) => Member(_params, parameter)?.GetDouble();

    public bool Is(string parameter) => Member(_params, parameter)?.GetBoolean() == true;

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { } given && given.TryGetProperty(name, out var value) ? value : null;

    private static string[]? OneOrMany(JsonElement? json, string name) => Member(json, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(one => one.GetString()!)],
        { } one => [one.GetString()!],
    };
}
