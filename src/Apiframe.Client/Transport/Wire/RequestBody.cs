using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Apiframe.Client.Edits;

namespace Apiframe.Client.Transport.Wire;

/// <summary>Writes the body of a submission. That of <c>POST /v2/images/generate</c> has two published forms.</summary>
internal static class RequestBody
{
    /// <summary>The events that the form of the model page always requests.</summary>
    public static IReadOnlyList<string> DefaultWebhookEvents { get; } = ["completed", "failed"];

    /// <summary>Returns the request in UTF-8. Unspecified fields are omitted, because the request schemas are closed.</summary>
    public static byte[] Write(SubmitRequest request, RequestForm form)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            Write(json, request, form);
        }

        return stream.ToArray();
    }

    /// <summary>Writes the request as an object at the position of the writer.</summary>
    public static void Write(Utf8JsonWriter json, SubmitRequest request, RequestForm form)
    {
        json.WriteStartObject();
        if (request.Edit is { } edit)
        {
            var model = EditModel.For(edit, request.Model);
            json.WriteString("model", model.Id);
            model.Write(json, request);
        }
        else
        {
            WriteGeneration(json, request, form);
        }

        WriteWebhook(json, request, form);
        json.WriteEndObject();
    }

    private static void WriteGeneration(Utf8JsonWriter json, SubmitRequest request, RequestForm form)
    {
        json.WriteString("model", request.Model ?? ImageOptions.DefaultModel);
        json.WriteString("prompt", request.Prompt);
        if (request.ToOptions() with { Model = null } != new ImageOptions())
        {
            json.WriteStartObject("nanoBananaParams");
            OptionsJson.Api.Write(json, request, single: form == RequestForm.ModelPage);
            json.WriteEndObject();
        }
    }

    private static void WriteWebhook(Utf8JsonWriter json, SubmitRequest request, RequestForm form)
    {
        if (request.WebhookUrl is null)
        {
            return;
        }

        if (form == RequestForm.ModelPage)
        {
            json.WriteString("webhook_url", request.WebhookUrl);
            return;
        }

        json.WriteString("webhookUrl", request.WebhookUrl);
        // The events are always specified, because the default events for a URL alone are not documented.
        json.WriteStartArray("webhookEvents");
        foreach (string name in request.WebhookEvent.Count > 0 ? request.WebhookEvent : DefaultWebhookEvents)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
