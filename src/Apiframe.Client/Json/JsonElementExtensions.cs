using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Json;

/// <summary>
/// Reads what is there and understandable. Answers are read field by field rather than into a type, because one field of an
/// unexpected type must not make a paid job unreadable.
/// </summary>
internal static class JsonElementExtensions
{
    public static JsonElement? Property(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static JsonElement? Object(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static string? Text(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    public static decimal? Number(this JsonElement json, string name) => json.Property(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out decimal number) => number,
        { ValueKind: JsonValueKind.String } value
            when decimal.TryParse(value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) => number,
        _ => null,
    };

    public static bool IsTrue(this JsonElement json, string name) => json.Property(name) is { ValueKind: JsonValueKind.True };

    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        DateTimeOffset.TryParse(
            json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>A string, or the strings of an array.</summary>
    public static IEnumerable<string> Texts(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
        _ => [],
    };
}
