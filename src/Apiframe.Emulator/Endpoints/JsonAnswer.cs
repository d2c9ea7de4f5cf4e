using System;
using System.Collections.Generic;
using System.Text.Json;
using Apiframe.Emulator.Http;

namespace Apiframe.Emulator.Endpoints;

/// <summary>The bodies the service answers with.</summary>
internal static class JsonAnswer
{
    public static HttpResponse Of(int status, Action<Utf8JsonWriter> writeMembers) =>
        new(status, "application/json; charset=utf-8", JsonBody.Object(writeMembers));

    public static HttpResponse Error(int status, string text) => Of(status, json => json.WriteString("error", text));

    public static HttpResponse NotFound() => Error(404, "Not found");

    public static HttpResponse TooManyRequests() => Error(429, "Too many requests");

    public static HttpResponse MethodNotAllowed(string allowed) => Error(405, "Method not allowed").Add("Allow", allowed);

    public static HttpResponse Invalid(string path, string text)
    {
        var errors = new ValidationErrors();
        errors.Add(path, text);
        return Invalid(errors);
    }

    public static HttpResponse Invalid(ValidationErrors errors) => Of(400, json =>
    {
        json.WriteString("error", "Validation failed");
        json.WriteStartObject("details");
        foreach (var field in errors.ByPath)
        {
            WriteStrings(json, field.Key, field.Value);
        }

        json.WriteEndObject();
    });

    public static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
