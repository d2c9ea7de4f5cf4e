using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>Checks the body of <c>POST /v2/images/generate</c> against the closed schema and finds every violation.</summary>
internal sealed class GenerateSchema
{
    private const string Body = "body";
    private const int MaxPromptLength = 2000;
    private const int MaxReferenceImages = 14;

    private static readonly Check Text = String(_ => null);

    private static readonly Check Url = String(text =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? null
            : "Must be an absolute http or https URL");

    // The service's limit counts UTF-16 code units, as string.Length does.
    private static readonly Check Prompt = String(text => text.Length switch
    {
        0 => "Must have at least 1 character",
        > MaxPromptLength => $"Must have at most {MaxPromptLength} characters",
        _ => null,
    });

    private static readonly Check Flag = (path, value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [(path, "Must be a boolean")];

    private readonly Dictionary<string, Check> _parameters;
    private readonly Dictionary<string, Check> _members;
    private readonly Check _body;

    public GenerateSchema(EmulatorRequestForm form)
    {
        var takesModelPage = form != EmulatorRequestForm.OpenApi;
        var takesOpenApi = form != EmulatorRequestForm.ModelPage;
        var many = List(Url, MaxReferenceImages);
        _parameters = new Dictionary<string, Check>
        {
            ["aspect_ratio"] = Text,
            ["resolution"] = OneOf("512px", "1K", "2K", "4K"),
            ["output_format"] = OneOf("jpg", "png", "webp"),
            ["google_search"] = Flag,
            ["image_search"] = Flag,
            ["image_input"] = (path, value) =>
                (takesOpenApi && !(takesModelPage && value.ValueKind == JsonValueKind.String) ? many : Url)(path, value),
        };
        _members = new Dictionary<string, Check>
        {
            ["prompt"] = Prompt,
            ["model"] = OneOf([.. ModelsEndpoint.Ids]),
            [GenerateRequest.Params] = ClosedObject(_parameters),
        };
        if (takesOpenApi)
        {
            _members.Add("webhookUrl", Url);
            _members.Add("webhookEvents", List(OneOf(WebhookTarget.Progress, WebhookTarget.Completed, WebhookTarget.Failed)));
        }

        if (takesModelPage)
        {
            _members.Add("webhook_url", Url);
        }

        _body = ClosedObject(_members, "prompt", "model");
    }

    /// <summary>Finds what is wrong with the value at a path.</summary>
    private delegate IEnumerable<(string Path, string Error)> Check(string path, JsonElement value);

    /// <returns>What is wrong, by the paths of the fields.</returns>
    public (string Path, string Error)[] ErrorsOf(JsonElement body) => [.. _body(Body, body)];

    /// <summary>The body without the fields that the schema does not know.</summary>
    public JsonElement Known(JsonElement body) =>
        Only(_members, body, (name, value) => name == GenerateRequest.Params ? Only(_parameters, value, (_, parameter) => parameter) : value);

    private static JsonElement Only(Dictionary<string, Check> members, JsonElement json, Func<string, JsonElement, JsonElement> known)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return json;
        }

        var kept = new JsonObject();
        foreach (var member in json.EnumerateObject().Where(member => members.ContainsKey(member.Name)))
        {
            kept[member.Name] = known(member.Name, member.Value).Deserialize<JsonNode>();
        }

        return JsonSerializer.SerializeToElement(kept);
    }

    private static Check ClosedObject(Dictionary<string, Check> members, params string[] required) => (path, value) =>
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [(path, "Must be an object")];
        }

        var prefix = path == Body ? string.Empty : path + ".";
        var missing = required.Where(name => !value.TryGetProperty(name, out _)).Select(name => (prefix + name, "Required"));
        return missing.Concat(value.EnumerateObject().SelectMany(member => members.TryGetValue(member.Name, out var check)
            ? check(prefix + member.Name, member.Value)
            : [(prefix + member.Name, "Unrecognized key")]));
    };

    private static Check List(Check item, int most = int.MaxValue) => (path, value) => value.ValueKind != JsonValueKind.Array
        ? [(path, "Must be an array")]
        : value.GetArrayLength() switch
        {
            0 => [(path, "Must have at least 1 item")],
            var count when count > most => [(path, $"Must have at most {most} items")],
            _ => value.EnumerateArray().SelectMany((one, index) => item(FormattableString.Invariant($"{path}.{index}"), one)),
        };

    private static Check OneOf(params string[] allowed) => String(text => allowed.Contains(text) ? null : JsonResponse.NotAllowed);

    /// <param name="errorOf">What is wrong with a text; null for nothing.</param>
    private static Check String(Func<string, string?> errorOf) => (path, value) => value.ValueKind != JsonValueKind.String
        ? [(path, "Must be a string")]
        : errorOf(value.GetString()!) is { } error ? [(path, error)] : [];
}
