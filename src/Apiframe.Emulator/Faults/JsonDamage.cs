using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apiframe.Emulator.Service;

namespace Apiframe.Emulator.Faults;

/// <summary>Damages a JSON object, so that it is not valid JSON or does not match the API's OpenAPI description.</summary>
internal static class JsonDamage
{
    private static readonly string[] OtherValues = ["[]", "[1,\"a\",null]", "42", "\"ok\"", "true", "null", "{}"];

    /// <summary>Returns JSON that is not valid. A reader that checks only the first character would accept it.</summary>
    public static ArraySegment<byte> Malformed(ArraySegment<byte> json) => new([json.First(), (byte)',', .. json.Skip(1)]);

    /// <summary>Returns, with equal probability, either a value that is not an object, or an object whose properties have undocumented types.</summary>
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
