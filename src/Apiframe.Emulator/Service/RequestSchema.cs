using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>The closed schema of the body of a submission. It finds every violation.</summary>
/// <param name="members">The fields of the body.</param>
/// <param name="required">The required fields of the body.</param>
/// <param name="paramsName">The field with the parameters of the model.</param>
/// <param name="parameters">The fields of that field.</param>
/// <param name="requiredParameters">The required fields of that field.</param>
internal sealed class RequestSchema(
    IReadOnlyDictionary<string, Check> members, string[] required, string paramsName, IReadOnlyDictionary<string, Check> parameters, params string[] requiredParameters)
{
    private readonly Check _body = Checks.ClosedObject(
        members.Append(new(paramsName, Checks.ClosedObject(parameters, requiredParameters))).ToDictionary(pair => pair.Key, pair => pair.Value), required);

    public string ParamsName => paramsName;

    /// <returns>The errors, by the paths of the fields.</returns>
    public (string Path, string Error)[] ErrorsOf(JsonElement body) => [.. _body(Checks.Body, body)];

    /// <summary>Returns the body without unknown fields.</summary>
    public JsonElement Known(JsonElement body) => Only(
        body,
        (name, value) => name == paramsName ? Only(value, (parameter, given) => parameters.ContainsKey(parameter) ? given : null)
            : members.ContainsKey(name) ? value : null);

    /// <param name="json">Any value. Only an object is changed.</param>
    /// <param name="known">Returns the new value of a property, or null to remove it.</param>
    private static JsonElement Only(JsonElement json, Func<string, JsonElement, JsonElement?> known)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return json;
        }

        var kept = new JsonObject();
        foreach (var member in json.EnumerateObject())
        {
            if (known(member.Name, member.Value) is { } value)
            {
                kept[member.Name] = value.Deserialize<JsonNode>();
            }
        }

        return JsonSerializer.SerializeToElement(kept);
    }
}
