using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>
/// Reads what is there and understandable. Answers are read field by field rather than into a type, because one field of an
/// unexpected type must not make a paid job unreadable.
/// </summary>
internal static class JsonElementExtensions
{
    public static JsonElement? Property(this JsonElement json, string name) => Decoded(() =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : (JsonElement?)null);

    public static JsonElement? Object(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>A string, without the control characters that a terminal would obey; null if it is empty.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Exact(name) is { } exact && ShownText.Printable(exact) is { Length: > 0 } text ? text : null;

    /// <summary>A string as it is.</summary>
    public static string? Exact(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.String } value ? StringOf(value) : null;

    public static decimal? Number(this JsonElement json, string name) => json.Property(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out decimal number) => number,
        { ValueKind: JsonValueKind.String } value
            when decimal.TryParse(StringOf(value), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) => number,
        _ => null,
    };

    public static bool IsTrue(this JsonElement json, string name) => json.Property(name) is { ValueKind: JsonValueKind.True };

    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        DateTimeOffset.TryParse(
            json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>A string, or the strings of an array, as of <see cref="Text"/>.</summary>
    public static IEnumerable<string> Texts(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => new[] { StringOf(json) }.OfType<string>().Select(ShownText.Printable),
        JsonValueKind.Array => json.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).SelectMany(Texts),
        _ => [],
    };

    /// <summary>
    /// The words of an error, whatever shape it has: a string; the <c>message</c> of an object with its <c>code</c>, or its <c>error</c>; the items of an array,
    /// separated by semicolons; otherwise the JSON itself. Null if there are none.
    /// </summary>
    public static string? Words(this JsonElement json, string name) => json.Property(name)?.Words();

    /// <inheritdoc cref="Words(JsonElement, string)"/>
    public static string? Words(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.Texts().FirstOrDefault(text => text.Length > 0),
        JsonValueKind.Array when json.EnumerateArray().Select(Words).OfType<string>().ToList() is { Count: > 0 } items => string.Join("; ", items),
        JsonValueKind.Object when (json.Words("message") ?? json.Words("error")) is { } words =>
            json.Text("code") is { } code && !words.Contains(code) ? $"{words} ({code})" : words,
        JsonValueKind.Array when json.GetArrayLength() > 0 => json.PrintableRaw(),
        JsonValueKind.Object when json.EnumerateObject().Any() => json.PrintableRaw(),
        _ => null,
    };

    /// <summary>The parts of a path to a field: a string, or an array of names and indexes.</summary>
    public static IEnumerable<string> PathParts(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(PathParts),
        JsonValueKind.Number => [json.GetRawText()],
        _ => json.Texts(),
    };

    /// <summary>The fields of an object that can be read, in order.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Fields(this JsonElement json) =>
        from field in json.EnumerateObject()
        let name = field.NameOf()
        where name is not null
        select new KeyValuePair<string, JsonElement>(name, field.Value);

    /// <summary>The JSON as it came; null if no string can hold it.</summary>
    public static string? Raw(this JsonElement json) => Decoded(json.GetRawText);

    /// <summary>The string that a value is; null if no string can hold it.</summary>
    public static string? StringOf(this JsonElement value) => Decoded(value.GetString);

    /// <summary>The name of a field; null if no string can hold it.</summary>
    public static string? NameOf(this JsonProperty field) => Decoded(() => field.Name);

    private static string? PrintableRaw(this JsonElement json) => json.Raw() is { } raw ? ShownText.Printable(raw) : null;

    /// <summary>Half a character (<c>"\ud800"</c>) or bytes that are no UTF-8 fit in no string. The parser lets them pass; decoding them throws.</summary>
    private static T? Decoded<T>(Func<T?> decode)
    {
        try
        {
            return decode();
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
