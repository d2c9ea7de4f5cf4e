using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Client.Transport.Wire;

/// <summary>
/// Reads values that exist and are valid. Responses are read field by field instead of into a type, because one field of an unexpected type must not make a
/// paid job unreadable.
/// </summary>
internal static class JsonElementExtensions
{
    public static JsonElement? Property(this JsonElement json, string name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Another name of the object cannot be decoded.
            return null;
        }
    }

    public static JsonElement? Object(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>Returns a string without the control characters that a terminal interprets, or null if it is empty.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Exact(name) is { } exact && ShownText.Printable(exact) is { Length: > 0 } text ? text : null;

    /// <summary>Returns a string unchanged.</summary>
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

    /// <summary>Returns a string, or the strings of an array, as for <see cref="Text"/>.</summary>
    public static IEnumerable<string> Texts(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => new[] { StringOf(json) }.OfType<string>().Select(ShownText.Printable),
        JsonValueKind.Array => json.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).SelectMany(Texts),
        _ => [],
    };

    /// <summary>
    /// Returns the text of an error of any shape: a string, the <c>message</c> of an object with its <c>code</c>, or its <c>error</c>, the items of an array
    /// separated by semicolons, or otherwise the JSON itself. Null without any text.
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

    /// <summary>Returns the parts of a path to a field: a string, or an array of names and indexes.</summary>
    public static IEnumerable<string> PathParts(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(PathParts),
        JsonValueKind.Number => [json.GetRawText()],
        _ => json.Texts(),
    };

    /// <summary>Returns the fields of an object that can be read, in order.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Fields(this JsonElement json) =>
        from field in json.EnumerateObject()
        let name = field.NameOf()
        where name is not null
        select new KeyValuePair<string, JsonElement>(name, field.Value);

    /// <summary>Returns the unchanged JSON, or null if it is not valid Unicode.</summary>
    public static string? Raw(this JsonElement json) => Decoded(json, value => value.GetRawText());

    /// <summary>Returns the string of a value, or null if it is not valid Unicode.</summary>
    public static string? StringOf(this JsonElement value) => Decoded(value, text => text.GetString());

    /// <summary>Returns the name of a field, or null if it is not valid Unicode.</summary>
    public static string? NameOf(this JsonProperty field) => Decoded(field, named => named.Name);

    private static string? PrintableRaw(this JsonElement json) => json.Raw() is { } raw ? ShownText.Printable(raw) : null;

    /// <summary>
    /// Decodes a string. Half of a surrogate pair (<c>"\ud800"</c>) or bytes that are not valid UTF-8 cannot be decoded. The parser accepts them, and decoding
    /// throws an exception.
    /// </summary>
    private static string? Decoded<T>(T value, Func<T, string?> decode)
    {
        try
        {
            return decode(value);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
