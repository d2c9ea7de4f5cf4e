using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Apiframe.Emulator.Service;

/// <summary>Returns the errors of the value at a path.</summary>
internal delegate IEnumerable<(string Path, string Error)> Check(string path, JsonElement value);

internal static class Checks
{
    /// <summary>The path of the whole body.</summary>
    public const string Body = "body";

    // The limit of the service counts UTF-16 code units, as string.Length does.
    private const int MaxTextLength = 2000;

    public static Check Text { get; } = String(_ => null);

    public static Check Url { get; } = String(text =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? null
            : "Must be an absolute http or https URL");

    public static Check LimitedText { get; } = String(text => text.Length > MaxTextLength ? $"Must have at most {MaxTextLength} characters" : null);

    public static Check Flag { get; } = (path, value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [(path, "Must be a boolean")];

    public static Check Whole { get; } = Number(number => number % 1 == 0 ? null : "Must be a whole number");

    public static Check ClosedObject(IReadOnlyDictionary<string, Check> members, params string[] required) => (path, value) =>
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [(path, "Must be an object")];
        }

        var prefix = path == Body ? string.Empty : path + ".";
        var missing = required.Where(name => !value.TryGetProperty(name, out _)).Select(name => (prefix + name, "Required"));
        return missing.Concat(value.EnumerateObject().SelectMany(member => members.TryGetValue(member.Name, out var check)
            ? check(prefix + member.Name, member.Value)
            : [(prefix + member.Name, "Unrecognized key")]));
    };

    public static Check List(Check item, int most = int.MaxValue) => (path, value) => value.ValueKind != JsonValueKind.Array
        ? [(path, "Must be an array")]
        : value.GetArrayLength() switch
        {
            0 => [(path, "Must have at least 1 item")],
            var count when count > most => [(path, $"Must have at most {most} items")],
            _ => value.EnumerateArray().SelectMany((one, index) => item(FormattableString.Invariant($"{path}.{index}"), one)),
        };

    public static Check OneOf(params string[] allowed) => String(text => allowed.Contains(text) ? null : JsonResponse.NotAllowed);

    public static Check OneOf(params double[] allowed) => Number(number => allowed.Contains(number) ? null : JsonResponse.NotAllowed);

    public static Check Range(double least, double most) =>
        Number(number => number >= least && number <= most ? null : FormattableString.Invariant($"Must be from {least} to {most}"));

    /// <summary>Requires both checks. The second one runs only if the first one finds no error.</summary>
    public static Check Both(Check first, Check second) => (path, value) => first(path, value).ToArray() is { Length: > 0 } errors ? errors : second(path, value);

    /// <param name="errorOf">Returns the error of a text, or null.</param>
    private static Check String(Func<string, string?> errorOf) => (path, value) => value.ValueKind != JsonValueKind.String
        ? [(path, "Must be a string")]
        : errorOf(value.GetString()!) is { } error ? [(path, error)] : [];

    /// <param name="errorOf">Returns the error of a number, or null.</param>
    private static Check Number(Func<double, string?> errorOf) => (path, value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
        ? errorOf(number) is { } error ? [(path, error)] : []
        : [(path, "Must be a number")];
}
