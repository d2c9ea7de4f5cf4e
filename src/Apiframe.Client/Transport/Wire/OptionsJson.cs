using System.Linq;
using System.Text.Json;
using Apiframe.Client.Edits;

namespace Apiframe.Client.Transport.Wire;

/// <summary>The options of an image except the model, as properties of a JSON object. Their JSON names are spelled only here.</summary>
internal sealed class OptionsJson
{
    private readonly string _resolution;
    private readonly string _aspectRatio;
    private readonly string _outputFormat;
    private readonly string _referenceImage;
    private readonly string _googleSearch;
    private readonly string _imageSearch;
    private readonly string? _edit;

    private OptionsJson(string resolution, string aspectRatio, string outputFormat, string referenceImage, string googleSearch, string imageSearch, string? edit)
    {
        _resolution = resolution;
        _aspectRatio = aspectRatio;
        _outputFormat = outputFormat;
        _referenceImage = referenceImage;
        _googleSearch = googleSearch;
        _imageSearch = imageSearch;
        _edit = edit;
    }

    /// <summary>The names of the API, for <c>nanoBananaParams</c>, which contains no edits.</summary>
    public static OptionsJson Api { get; } = new("resolution", "aspect_ratio", "output_format", "image_input", "google_search", "image_search", edit: null);

    /// <summary>The names in files, which are those of <see cref="ImageOptions"/>.</summary>
    public static OptionsJson File { get; } = new("resolution", "aspectRatio", "outputFormat", "referenceImage", "googleSearch", "imageSearch", "edit");

    /// <summary>Reads the options that exist and are valid.</summary>
    /// <param name="json">The object with the properties.</param>
    /// <param name="model">The model, which is not in the object.</param>
    /// <param name="earlier">The options that were known before, for missing properties.</param>
    public ImageOptions Read(JsonElement json, string? model, ImageOptions? earlier = null)
    {
        string[] references = json.Property(_referenceImage) is { } images ? images.Texts().ToArray() : [];
        return new ImageOptions
        {
            Model = model ?? earlier?.Model,
            Resolution = json.Text(_resolution) ?? earlier?.Resolution,
            AspectRatio = json.Text(_aspectRatio) ?? earlier?.AspectRatio,
            OutputFormat = json.Text(_outputFormat) ?? earlier?.OutputFormat,
            ReferenceImage = references.Length > 0 ? references : earlier?.ReferenceImage ?? [],
            GoogleSearch = json.IsTrue(_googleSearch) || earlier?.GoogleSearch == true,
            ImageSearch = json.IsTrue(_imageSearch) || earlier?.ImageSearch == true,
            Edit = _edit is not null && json.Object(_edit) is { } edit ? EditModel.AllOptions.Aggregate(new ImageEdit(), (one, option) => option.Read(edit, option.FileName, one)) : earlier?.Edit,
        };
    }

    /// <summary>Writes the properties of the specified options.</summary>
    /// <param name="json">The writer, inside the object.</param>
    /// <param name="options">The options.</param>
    /// <param name="single">Whether the only reference is written as a string instead of an array.</param>
    public void Write(Utf8JsonWriter json, ImageOptions options, bool single = false)
    {
        WriteText(json, _aspectRatio, options.AspectRatio);
        WriteText(json, _resolution, options.Resolution);
        if (options.ReferenceImage.Count > 0 && single)
        {
            json.WriteString(_referenceImage, options.ReferenceImage[0]);
        }
        else if (options.ReferenceImage.Count > 0)
        {
            WriteReferences(json, options);
        }

        WriteText(json, _outputFormat, options.OutputFormat);
        WriteSwitch(json, _googleSearch, options.GoogleSearch);
        WriteSwitch(json, _imageSearch, options.ImageSearch);
    }

    /// <summary>Writes every property, so that a table of many files has the same columns for any first file.</summary>
    public void WriteAll(Utf8JsonWriter json, ImageOptions options)
    {
        json.WriteString(_resolution, options.Resolution);
        json.WriteString(_aspectRatio, options.AspectRatio);
        json.WriteString(_outputFormat, options.OutputFormat);
        WriteReferences(json, options);
        json.WriteBoolean(_googleSearch, options.GoogleSearch);
        json.WriteBoolean(_imageSearch, options.ImageSearch);
        WriteEdit(json, options.Edit);
    }

    private void WriteEdit(Utf8JsonWriter json, ImageEdit? edit)
    {
        if (edit is null)
        {
            json.WriteNull(_edit!);
            return;
        }

        json.WriteStartObject(_edit!);
        foreach (EditOption option in EditModel.AllOptions)
        {
            option.Write(json, option.FileName, edit);
        }

        json.WriteEndObject();
    }

    private void WriteReferences(Utf8JsonWriter json, ImageOptions options)
    {
        json.WriteStartArray(_referenceImage);
        foreach (string reference in options.ReferenceImage)
        {
            json.WriteStringValue(reference);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteSwitch(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }
}
