using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Edits;

/// <summary>One option of an edit: its property in <see cref="ImageEdit"/>, its allowed values, and its names in JSON.</summary>
internal sealed class EditOption
{
    /// <summary>The result of <see cref="TextOf"/> for a switch that is set.</summary>
    public const string On = "true";

    private readonly Func<ImageEdit, object?> _get;
    private readonly Func<ImageEdit, object, ImageEdit> _set;
    private readonly Func<object, object?> _spelled;
    private readonly string _allowed;

    private EditOption(
        string name, string apiName, Func<ImageEdit, object?> get, Func<ImageEdit, object, ImageEdit> set, Func<object, object?> spelled, string allowed)
    {
        Name = name;
        ApiName = apiName;
        _get = get;
        _set = set;
        _spelled = spelled;
        _allowed = allowed;
    }

    /// <summary>The name of the property in <see cref="ImageEdit"/>.</summary>
    public string Name { get; }

    /// <summary>The name of the field in the API.</summary>
    public string ApiName { get; }

    /// <summary>The name of the field in metadata files.</summary>
    public string FileName => char.ToLowerInvariant(Name[0]) + Name.Substring(1);

    /// <param name="name">The name of the property.</param>
    /// <param name="apiName">The name of the field in the API.</param>
    /// <param name="get">Reads the property.</param>
    /// <param name="set">Sets it.</param>
    /// <param name="least">The smallest number that is allowed.</param>
    /// <param name="most">The largest number that is allowed.</param>
    public static EditOption Number(
        string name, string apiName, Func<ImageEdit, decimal?> get, Func<ImageEdit, decimal, ImageEdit> set, decimal least, decimal most) =>
        Number(name, apiName, get, set, number => number >= least && number <= most, FormattableString.Invariant($"a number from {least} to {most}"));

    public static EditOption Whole(
        string name, string apiName, Func<ImageEdit, decimal?> get, Func<ImageEdit, decimal, ImageEdit> set, decimal least, decimal most) => Number(
        name,
        apiName,
        get,
        set,
        number => number >= least && number <= most && number % 1 == 0,
        FormattableString.Invariant($"a whole number from {least} to {most}"));

    /// <summary>Creates an option that is one of the allowed numbers.</summary>
    public static EditOption Number(string name, string apiName, Func<ImageEdit, decimal?> get, Func<ImageEdit, decimal, ImageEdit> set, params decimal[] allowed) =>
        Number(name, apiName, get, set, number => Array.IndexOf(allowed, number) >= 0, "one of these values: " + string.Join(", ", allowed.Select(Text)));

    /// <summary>Creates an option that is one of the allowed words.</summary>
    public static EditOption Word(string name, string apiName, Func<ImageEdit, string?> get, Func<ImageEdit, string, ImageEdit> set, IReadOnlyList<string> allowed) => new(
        name,
        apiName,
        edit => OptionCheck.NullIfBlank(get(edit)),
        (edit, value) => set(edit, (string)value),
        value => value is string word ? OptionCheck.Known(allowed, word) : null,
        "one of these values: " + string.Join(", ", allowed));

    /// <summary>Creates an option that is any text that is valid as a prompt.</summary>
    public static EditOption Prompt(string name, string apiName, Func<ImageEdit, string?> get, Func<ImageEdit, string, ImageEdit> set) => new(
        name,
        apiName,
        edit => string.IsNullOrWhiteSpace(get(edit)) ? null : get(edit),
        (edit, value) => set(edit, (string)value),
        value => value is string text && text.Length <= SubmitRequest.MaximumPromptLength && OptionCheck.HalfCharacter(text) is null ? text : null,
        FormattableString.Invariant($"at most {SubmitRequest.MaximumPromptLength} characters, without unpaired surrogates"));

    public static EditOption Flag(string name, string apiName, Func<ImageEdit, bool> get, Func<ImageEdit, bool, ImageEdit> set) => new(
        name, apiName, edit => get(edit) ? true : null, (edit, value) => set(edit, (bool)value), value => value is true ? value : null, On);

    /// <summary>Returns the value as text, or null if it is not set.</summary>
    public string? TextOf(ImageEdit edit) => _get(edit) switch
    {
        null => null,
        true => On,
        decimal number => Text(number),
        var text => (string)text,
    };

    /// <summary>Returns the edit with the value in the spelling of the service.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="model">The model, for errors.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, with the value and the allowed values.</exception>
    public ImageEdit Checked(ImageEdit edit, string model) => _get(edit) is not { } given ? edit
        : _spelled(given) is { } spelled ? _set(edit, spelled)
        : throw ApiframeException.NotSent($"{Name} '{ShownText.Excerpt(TextOf(edit)!)}' is not allowed with {model}. Use {_allowed}.");

    public void Write(Utf8JsonWriter json, string name, ImageEdit edit)
    {
        switch (_get(edit))
        {
            case decimal number:
                json.WriteNumber(name, number);
                break;
            case string text:
                json.WriteString(name, text);
                break;
            case true:
                json.WriteBoolean(name, true);
                break;
        }
    }

    /// <summary>Returns the edit with the value from JSON, if it exists and is allowed.</summary>
    public ImageEdit Read(JsonElement json, string name, ImageEdit edit)
    {
        object? told = json.Property(name) switch
        {
            { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out decimal number) => number,
            { ValueKind: JsonValueKind.String } value => value.StringOf(),
            { ValueKind: JsonValueKind.True } => true,
            _ => null,
        };
        return told is not null && _spelled(told) is { } spelled ? _set(edit, spelled) : edit;
    }

    private static EditOption Number(
        string name, string apiName, Func<ImageEdit, decimal?> get, Func<ImageEdit, decimal, ImageEdit> set, Func<decimal, bool> isAllowed, string allowed) => new(
        name,
        apiName,
        edit => get(edit) is { } number ? WithoutZeros(number) : null,
        (edit, value) => set(edit, (decimal)value),
        value => value is decimal number && isAllowed(number) ? WithoutZeros(number) : null,
        allowed);

    /// <summary>Removes trailing zeros, so that 0.50 and 0.5 have the same request body.</summary>
    private static decimal WithoutZeros(decimal number) => number / 1.0000000000000000000000000000m;

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
