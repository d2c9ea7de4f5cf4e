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
    /// <param name="fingerprint">Equal for equal requests.</param>
    /// <param name="paramsName">The field that holds the parameters of the model.</param>
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

    /// <summary>The field that holds the parameters of the model.</summary>
    public string ParamsName { get; }

    /// <summary>Who is to be told of the job; null for nobody.</summary>
    public WebhookTarget? Webhook { get; }

    public string Fingerprint { get; }

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

    /// <summary>A parameter that is a text; null if it is not given.</summary>
    public string? Text(string parameter) => Member(_params, parameter)?.GetString();

    /// <summary>A parameter that is one text or several.</summary>
    public IReadOnlyList<string> Texts(string parameter) => OneOrMany(_params, parameter) ?? [];

    /// <summary>A parameter that is a number; null if it is not given.</summary>
    public double? Number(string parameter) => Member(_params, parameter)?.GetDouble();

    /// <summary>Whether a parameter is given and true.</summary>
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
