using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Makes of a JSON object what is not one, or another than the API's description says.</summary>
internal static class JsonDamage
{
    private static readonly string[] OtherValues = ["[]", "[1,\"a\",null]", "42", "\"ok\"", "true", "null", "{}"];

    /// <summary>Begins well: a reader that looks at the first characters only takes it for JSON.</summary>
    public static ArraySegment<byte> Malformed(ArraySegment<byte> json) => new([json.First(), (byte)',', .. json.Skip(1)]);

    /// <summary>As often as not no object at all, else one whose members have types that the API's description does not know.</summary>
    public static ArraySegment<byte> OfWrongType(ArraySegment<byte> json, SeededRandom random)
    {
        if (random.NextDouble() < 0.5)
        {
            return new(Encoding.UTF8.GetBytes(OtherValues[(int)(random.NextDouble() * OtherValues.Length)]));
        }

        using var document = JsonDocument.Parse(json.AsMemory());
        return JsonResponse.Bytes(new JsonObject(document.RootElement.EnumerateObject().Select(
            member => new KeyValuePair<string, JsonNode?>(member.Name, OtherThan(member.Value.ValueKind)))));
    }

    private static JsonNode OtherThan(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => 7,
        JsonValueKind.Number => "7",
        JsonValueKind.Array => "none",
        JsonValueKind.Object => true,
        _ => new JsonArray(),
    };
}
