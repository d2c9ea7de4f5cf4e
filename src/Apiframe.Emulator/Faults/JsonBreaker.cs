using System;
using System.Text;
using System.Text.Json;
using Apiframe.Emulator.Endpoints;
using Apiframe.Emulator.Jobs;

namespace Apiframe.Emulator.Faults;

/// <summary>Makes of a JSON object what is none, or another than the contract says.</summary>
internal static class JsonBreaker
{
    private static readonly string[] OtherValues = ["[]", "[1,\"a\",null]", "42", "\"ok\"", "true", "null", "{}"];

    /// <summary>Begins well: a reader that looks at the first characters only takes it for JSON.</summary>
    public static ArraySegment<byte> Malformed(ArraySegment<byte> json)
    {
        var text = Text(json);
        return Bytes(text.Substring(0, 1) + "," + text.Substring(1));
    }

    /// <summary>The first half.</summary>
    public static ArraySegment<byte> Truncated(ArraySegment<byte> json) => new(json.Array!, json.Offset, json.Count / 2);

    /// <summary>As often as not no object at all, else one whose members have types that the contract does not know.</summary>
    public static ArraySegment<byte> OfWrongType(ArraySegment<byte> json, SeededRandom random)
    {
        if (random.NextDouble() < 0.5)
        {
            return Bytes(OtherValues[(int)(random.NextDouble() * OtherValues.Length)]);
        }

        using var document = JsonDocument.Parse(json.AsMemory());
        return JsonBody.Object(writer =>
        {
            foreach (var member in document.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                WriteOfOtherType(writer, member.Value.ValueKind);
            }
        });
    }

    private static void WriteOfOtherType(Utf8JsonWriter writer, JsonValueKind kind)
    {
        switch (kind)
        {
            case JsonValueKind.String:
                writer.WriteNumberValue(7);
                break;
            case JsonValueKind.Number:
                writer.WriteStringValue("7");
                break;
            case JsonValueKind.Array:
                writer.WriteStringValue("none");
                break;
            case JsonValueKind.Object:
                writer.WriteBooleanValue(true);
                break;
            default:
                writer.WriteStartArray();
                writer.WriteEndArray();
                break;
        }
    }

    private static string Text(ArraySegment<byte> json) => Encoding.UTF8.GetString(json.Array!, json.Offset, json.Count);

    private static ArraySegment<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
