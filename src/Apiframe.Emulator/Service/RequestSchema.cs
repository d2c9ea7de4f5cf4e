using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Apiframe.Emulator.Service;

/// <summary>The closed schema of the body of a submission: finds every violation.</summary>
/// <param name="members">The fields of the body.</param>
/// <param name="required">Which of them must be there.</param>
/// <param name="paramsName">The field that holds the parameters of the model.</param>
/// <param name="parameters">The fields in it.</param>
/// <param name="requiredParameters">Which of them must be there.</param>
internal sealed class RequestSchema(
    IReadOnlyDictionary<string, Check> members, string[] required, string paramsName, IReadOnlyDictionary<string, Check> parameters, params string[] requiredParameters)
{
    private readonly Check _body = Checks.ClosedObject(
        members.Append(new(paramsName, Checks.ClosedObject(parameters, requiredParameters))).ToDictionary(pair => pair.Key, pair => pair.Value), required);

    /// <summary>The field that holds the parameters of the model.</summary>
    public string ParamsName => paramsName;

    /// <returns>What is wrong, by the paths of the fields.</returns>
    public (string Path, string Error)[] ErrorsOf(JsonElement body) => [.. _body(Checks.Body, body)];

    /// <summary>The body without the fields that the schema does not know.</summary>
    public JsonElement Known(JsonElement body) => Only(
        body,
        (name, value) => name == paramsName ? Only(value, (parameter, given) => parameters.ContainsKey(parameter) ? given : null)
            : members.ContainsKey(name) ? value : null);

    /// <param name="json">Anything; only an object changes.</param>
    /// <param name="known">What becomes of a member; null for nothing.</param>
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
