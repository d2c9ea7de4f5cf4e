using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Endpoints;

/// <summary>Checks the body of <c>POST /v2/images/generate</c> against the closed schema and collects every violation.</summary>
internal sealed class GenerateRequestValidator
{
    private const int MaxPromptLength = 2000;
    private const int MaxReferenceImages = 14;
    private const string Params = "nanoBananaParams";

    private static readonly string[] Resolutions = ["512px", "1K", "2K", "4K"];
    private static readonly string[] OutputFormats = ["jpg", "png", "webp"];
    private static readonly string[] WebhookEvents = ["progress", "completed", "failed"];

    private readonly bool _takesModelPage;
    private readonly bool _takesOpenApi;

    public GenerateRequestValidator(EmulatorRequestForm form)
    {
        _takesModelPage = form is EmulatorRequestForm.Both or EmulatorRequestForm.ModelPage;
        _takesOpenApi = form is EmulatorRequestForm.Both or EmulatorRequestForm.OpenApi;
    }

    /// <returns>The request, or null when <paramref name="errors"/> says what is wrong with it.</returns>
    public GenerateRequest? Validate(JsonElement body, ValidationErrors errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add("body", "Must be an object");
            return null;
        }

        RequirePresent(body, "prompt", errors);
        RequirePresent(body, "model", errors);
        foreach (var member in body.EnumerateObject())
        {
            CheckTopLevel(member.Name, member.Value, errors);
        }

        return errors.Any ? null : GenerateRequestReader.Read(body);
    }

    private static void RequirePresent(JsonElement body, string name, ValidationErrors errors) =>
        errors.Require(body.TryGetProperty(name, out _), name, "Required");

    private void CheckTopLevel(string name, JsonElement value, ValidationErrors errors)
    {
        switch (name)
        {
            case "prompt":
                CheckPrompt(value, errors);
                break;
            case "model":
                CheckOneOf(name, value, ModelCatalog.Ids, errors);
                break;
            case Params:
                CheckParams(value, errors);
                break;
            case "webhookUrl" when _takesOpenApi:
            case "webhook_url" when _takesModelPage:
                CheckUrl(name, value, errors);
                break;
            case "webhookEvents" when _takesOpenApi:
                CheckWebhookEvents(name, value, errors);
                break;
            default:
                errors.Add(name, "Unrecognized key");
                break;
        }
    }

    private static void CheckPrompt(JsonElement value, ValidationErrors errors)
    {
        if (!CheckKind("prompt", value, JsonValueKind.String, errors))
        {
            return;
        }

        // The service's limit counts UTF-16 code units, as string.Length does.
        var length = value.GetString()!.Length;
        errors.Require(length >= 1, "prompt", "Must have at least 1 character");
        errors.Require(length <= MaxPromptLength, "prompt", "Must have at most 2000 characters");
    }

    private void CheckParams(JsonElement value, ValidationErrors errors)
    {
        if (!CheckKind(Params, value, JsonValueKind.Object, errors))
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            var path = Params + "." + member.Name;
            switch (member.Name)
            {
                case "aspect_ratio":
                    CheckKind(path, member.Value, JsonValueKind.String, errors);
                    break;
                case "resolution":
                    CheckOneOf(path, member.Value, Resolutions, errors);
                    break;
                case "output_format":
                    CheckOneOf(path, member.Value, OutputFormats, errors);
                    break;
                case "google_search":
                case "image_search":
                    errors.Require(member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, path, "Must be a boolean");
                    break;
                case "image_input":
                    CheckImageInput(path, member.Value, errors);
                    break;
                default:
                    errors.Add(path, "Unrecognized key");
                    break;
            }
        }
    }

    private void CheckImageInput(string path, JsonElement value, ValidationErrors errors)
    {
        if (_takesModelPage && value.ValueKind == JsonValueKind.String)
        {
            CheckUrl(path, value, errors);
        }
        else if (!_takesOpenApi)
        {
            errors.Add(path, "Must be a string");
        }
        else if (CheckKind(path, value, JsonValueKind.Array, errors))
        {
            errors.Require(value.GetArrayLength() >= 1, path, "Must have at least 1 item");
            errors.Require(value.GetArrayLength() <= MaxReferenceImages, path, "Must have at most 14 items");
            CheckItems(path, value, errors, (itemPath, item) => CheckUrl(itemPath, item, errors));
        }
    }

    private static void CheckWebhookEvents(string path, JsonElement value, ValidationErrors errors)
    {
        if (CheckKind(path, value, JsonValueKind.Array, errors))
        {
            errors.Require(value.GetArrayLength() >= 1, path, "Must have at least 1 item");
            CheckItems(path, value, errors, (itemPath, item) => CheckOneOf(itemPath, item, WebhookEvents, errors));
        }
    }

    private static void CheckItems(string path, JsonElement array, ValidationErrors errors, Action<string, JsonElement> check)
    {
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            check(path + "." + index.ToString(CultureInfo.InvariantCulture), item);
            index++;
        }
    }

    private static void CheckUrl(string path, JsonElement value, ValidationErrors errors)
    {
        if (CheckKind(path, value, JsonValueKind.String, errors))
        {
            var isUrl = Uri.TryCreate(value.GetString(), UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
            errors.Require(isUrl, path, "Must be an absolute http or https URL");
        }
    }

    private static void CheckOneOf(string path, JsonElement value, IReadOnlyCollection<string> allowed, ValidationErrors errors)
    {
        if (CheckKind(path, value, JsonValueKind.String, errors))
        {
            errors.Require(allowed.Contains(value.GetString()!, StringComparer.Ordinal), path, ValidationErrors.NotAllowed);
        }
    }

    private static bool CheckKind(string path, JsonElement value, JsonValueKind kind, ValidationErrors errors)
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
