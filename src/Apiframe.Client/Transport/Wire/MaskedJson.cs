using System;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>
/// Removes secrets from JSON after its strings are decoded, because an escaped key such as <c>\u0061fk_</c> is not recognized in the raw bytes.
/// </summary>
internal static class MaskedJson
{
    /// <summary>Returns the element with each string and property name masked, or the element itself if nothing is masked.</summary>
    /// <param name="json">The element.</param>
    /// <param name="mask">Returns a text without secrets. A text without secrets must be returned unchanged.</param>
    public static JsonElement Of(JsonElement json, Func<string, string> mask)
    {
        if (!Holds(json, mask))
        {
            return json;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, json, mask);
        }

        return Utf8Json.Parse(stream.ToArray());
    }

    private static bool Holds(JsonElement json, Func<string, string> mask) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Any(field => IsMasked(field.NameOf(), mask) || Holds(field.Value, mask)),
        JsonValueKind.Array => json.EnumerateArray().Any(item => Holds(item, mask)),
        JsonValueKind.String => IsMasked(json.StringOf(), mask),
        _ => false,
    };

    /// <summary>Whether a text is changed by masking. A text that cannot be decoded cannot be checked, so it is removed.</summary>
    private static bool IsMasked(string? text, Func<string, string> mask) => text is null || mask(text) != text;

    private static void Write(Utf8JsonWriter writer, JsonElement json, Func<string, string> mask)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty field in json.EnumerateObject())
                {
                    // A field whose name cannot be decoded is never read, so it is omitted.
                    if (field.NameOf() is { } name)
                    {
                        writer.WritePropertyName(mask(name));
                        Write(writer, field.Value, mask);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in json.EnumerateArray())
                {
                    Write(writer, item, mask);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(json.StringOf() is { } text ? mask(text) : null);
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }
}
