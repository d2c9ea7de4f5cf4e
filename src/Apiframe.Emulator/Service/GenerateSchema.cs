using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Emulator.Service;

/// <summary>Checks the body of <c>POST /v2/images/generate</c> against the closed schema and collects every violation.</summary>
internal sealed class GenerateSchema
{
    private const string Body = "body";
    private const int MaxPromptLength = 2000;
    private const int MaxReferenceImages = 14;

    private readonly Check _body;

    public GenerateSchema(EmulatorRequestForm form)
    {
        var takesModelPage = form != EmulatorRequestForm.OpenApi;
        var takesOpenApi = form != EmulatorRequestForm.ModelPage;
        var parameters = new Dictionary<string, Check>
        {
            ["aspect_ratio"] = Text,
            ["resolution"] = OneOf("512px", "1K", "2K", "4K"),
            ["output_format"] = OneOf("jpg", "png", "webp"),
            ["google_search"] = Flag,
            ["image_search"] = Flag,
            ["image_input"] = ImageInput(takesModelPage, takesOpenApi),
        };
        var members = new Dictionary<string, Check>
        {
            ["prompt"] = Prompt,
            ["model"] = OneOf([.. ModelsEndpoint.Ids]),
            ["nanoBananaParams"] = ClosedObject(parameters),
        };
        if (takesOpenApi)
        {
            members.Add("webhookUrl", Url);
            members.Add("webhookEvents", List(OneOf(WebhookTarget.Progress, WebhookTarget.Completed, WebhookTarget.Failed)));
        }

        if (takesModelPage)
        {
            members.Add("webhook_url", Url);
        }

        _body = ClosedObject(members, "prompt", "model");
    }

    /// <summary>Adds to the errors what is wrong with a value.</summary>
    private delegate void Check(string path, JsonElement value, ValidationErrors errors);

    public void Validate(JsonElement body, ValidationErrors errors) => _body(Body, body, errors);

    private static Check ClosedObject(Dictionary<string, Check> members, params string[] required) => (path, value, errors) =>
    {
        if (!Is(JsonValueKind.Object, path, value, errors))
        {
            return;
        }

        var prefix = path == Body ? string.Empty : path + ".";
        foreach (var name in required)
        {
            errors.Require(value.TryGetProperty(name, out _), prefix + name, "Required");
        }

        foreach (var member in value.EnumerateObject())
        {
            var check = members.TryGetValue(member.Name, out var known) ? known : Unknown;
            check(prefix + member.Name, member.Value, errors);
        }
    };

    private static Check List(Check item, int most = int.MaxValue) => (path, value, errors) =>
    {
        if (!Is(JsonValueKind.Array, path, value, errors))
        {
            return;
        }

        errors.Require(value.GetArrayLength() >= 1, path, "Must have at least 1 item");
        errors.Require(value.GetArrayLength() <= most, path, $"Must have at most {most} items");
        var index = 0;
        foreach (var one in value.EnumerateArray())
        {
            item(path + "." + index.ToString(CultureInfo.InvariantCulture), one, errors);
            index++;
        }
    };

    private static Check ImageInput(bool takesOne, bool takesMany)
    {
        var many = List(Url, MaxReferenceImages);
        return (path, value, errors) =>
        {
            var isMany = takesMany && !(takesOne && value.ValueKind == JsonValueKind.String);
            (isMany ? many : Url)(path, value, errors);
        };
    }

    private static Check OneOf(params string[] allowed) => (path, value, errors) =>
    {
        if (Is(JsonValueKind.String, path, value, errors))
        {
            errors.Require(allowed.Contains(value.GetString()!), path, ValidationErrors.NotAllowed);
        }
    };

    private static void Text(string path, JsonElement value, ValidationErrors errors) => Is(JsonValueKind.String, path, value, errors);

    private static void Prompt(string path, JsonElement value, ValidationErrors errors)
    {
        if (Is(JsonValueKind.String, path, value, errors))
        {
            // The service's limit counts UTF-16 code units, as string.Length does.
            var length = value.GetString()!.Length;
            errors.Require(length >= 1, path, "Must have at least 1 character");
            errors.Require(length <= MaxPromptLength, path, $"Must have at most {MaxPromptLength} characters");
        }
    }

    private static void Url(string path, JsonElement value, ValidationErrors errors)
    {
        if (Is(JsonValueKind.String, path, value, errors))
        {
            var isUrl = Uri.TryCreate(value.GetString(), UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
            errors.Require(isUrl, path, "Must be an absolute http or https URL");
        }
    }

    private static void Flag(string path, JsonElement value, ValidationErrors errors) =>
        errors.Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, path, "Must be a boolean");

    private static void Unknown(string path, JsonElement value, ValidationErrors errors) => errors.Add(path, "Unrecognized key");

    private static bool Is(JsonValueKind kind, string path, JsonElement value, ValidationErrors errors)
    {
        var text = kind switch
        {
            JsonValueKind.Array => "Must be an array",
            JsonValueKind.Object => "Must be an object",
            _ => "Must be a string",
        };
        errors.Require(value.ValueKind == kind, path, text);
        return value.ValueKind == kind;
    }
}
