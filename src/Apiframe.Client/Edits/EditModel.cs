using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Apiframe.Client.Transport.Wire;

namespace Apiframe.Client.Edits;

/// <summary>A model that edits images, with its endpoint, its parameters, and its options. These are spelled only here.</summary>
internal sealed class EditModel
{
    private const string Image = "image";

    private const string UpscalePath = "v2/images/upscale";

    private const string RemoveBackgroundPath = "v2/images/background-remove";

    private readonly string _formatName;
    private readonly IReadOnlyList<string> _formats;

    private EditModel(string id, string path, string paramsName, string formatName, IReadOnlyList<string> formats, params EditOption[] options)
    {
        Id = id;
        Path = path;
        ParamsName = paramsName;
        _formatName = formatName;
        _formats = formats;
        Options = options;
    }

    public static IReadOnlyList<string> ModelTypes { get; } = ["standard-v2", "low-res-v2", "cgi", "high-fidelity-v2", "text-refine", "redefine"];

    public static IReadOnlyList<string> BackgroundTypes { get; } = ["rgba", "map", "green", "white", "blur", "overlay"];

    /// <summary>The models for <c>POST /v2/images/upscale</c>. The first one is the default.</summary>
    public static IReadOnlyList<EditModel> Upscalers { get; } =
    [
        new(
            "topaz-image-upscale",
            UpscalePath,
            "topazUpscaleParams",
            "output_format",
            ["jpg", "png"],
            EditOption.Number(nameof(ImageEdit.Upscale), "upscale_factor", edit => edit.Upscale, (edit, value) => edit with { Upscale = value }, 1, 2, 4, 6),
            EditOption.Word(nameof(ImageEdit.ModelType), "model_type", edit => edit.ModelType, (edit, value) => edit with { ModelType = value }, ModelTypes),
            EditOption.Flag(nameof(ImageEdit.FaceEnhance), "face_enhance", edit => edit.FaceEnhance, (edit, value) => edit with { FaceEnhance = value }),
            EditOption.Number(
                nameof(ImageEdit.FaceEnhanceStrength), "face_enhance_strength", edit => edit.FaceEnhanceStrength, (edit, value) => edit with { FaceEnhanceStrength = value }, least: 0, most: 1),
            EditOption.Number(
                nameof(ImageEdit.FaceEnhanceCreativity), "face_enhance_creativity", edit => edit.FaceEnhanceCreativity, (edit, value) => edit with { FaceEnhanceCreativity = value }, least: 0, most: 1),
            Seed()),
        new(
            "clarity-upscale",
            UpscalePath,
            "clarityUpscaleParams",
            "output_format",
            ["png", "jpg", "webp"],
            EditOption.Number(nameof(ImageEdit.Upscale), "scale_factor", edit => edit.Upscale, (edit, value) => edit with { Upscale = value }, 1, 2, 4, 8),
            EditOption.Prompt(nameof(ImageEdit.Prompt), "prompt", edit => edit.Prompt, (edit, value) => edit with { Prompt = value }),
            EditOption.Prompt(nameof(ImageEdit.NegativePrompt), "negative_prompt", edit => edit.NegativePrompt, (edit, value) => edit with { NegativePrompt = value }),
            EditOption.Number(nameof(ImageEdit.Creativity), "creativity", edit => edit.Creativity, (edit, value) => edit with { Creativity = value }, least: 0, most: 1),
            EditOption.Number(nameof(ImageEdit.Resemblance), "resemblance", edit => edit.Resemblance, (edit, value) => edit with { Resemblance = value }, least: 0, most: 3),
            EditOption.Number(nameof(ImageEdit.Dynamic), "dynamic", edit => edit.Dynamic, (edit, value) => edit with { Dynamic = value }, least: 1, most: 50),
            EditOption.Whole(
                nameof(ImageEdit.NumInferenceSteps), "num_inference_steps", edit => edit.NumInferenceSteps, (edit, value) => edit with { NumInferenceSteps = (int)value }, 1, 100),
            EditOption.Number(nameof(ImageEdit.Sharpen), "sharpen", edit => edit.Sharpen, (edit, value) => edit with { Sharpen = value }, least: 0, most: 10),
            Seed()),
    ];

    /// <summary>The models for <c>POST /v2/images/background-remove</c>. The first one is the default.</summary>
    public static IReadOnlyList<EditModel> BackgroundRemovers { get; } =
    [
        new(
            "bria-bg-remove",
            RemoveBackgroundPath,
            "briaBgRemoveParams",
            string.Empty,
            [],
            EditOption.Flag(
                nameof(ImageEdit.ContentModeration), "content_moderation", edit => edit.ContentModeration, (edit, value) => edit with { ContentModeration = value })),
        new(
            "851-bg-remove",
            RemoveBackgroundPath,
            "lab851BgRemoveParams",
            "format",
            ["png", "jpg"],
            EditOption.Number(nameof(ImageEdit.Threshold), "threshold", edit => edit.Threshold, (edit, value) => edit with { Threshold = value }, least: 0, most: 1),
            EditOption.Word(
                nameof(ImageEdit.BackgroundType), "background_type", edit => edit.BackgroundType, (edit, value) => edit with { BackgroundType = value }, BackgroundTypes),
            EditOption.Flag(nameof(ImageEdit.Reverse), "reverse", edit => edit.Reverse, (edit, value) => edit with { Reverse = value })),
    ];

    /// <summary>All options of all models, without duplicates.</summary>
    public static IReadOnlyList<EditOption> AllOptions { get; } =
        [.. Upscalers.Concat(BackgroundRemovers).SelectMany(model => model.Options).GroupBy(option => option.Name).Select(same => same.First())];

    public string Id { get; }

    /// <summary>The path of the endpoint, relative to the base URI.</summary>
    public string Path { get; }

    /// <summary>The field that contains the parameters.</summary>
    public string ParamsName { get; }

    public IReadOnlyList<EditOption> Options { get; }

    private bool Upscales => Path == UpscalePath;

    /// <summary>Returns the model with an ID, or null if there is none.</summary>
    public static EditModel? Of(string? id) => Upscalers.Concat(BackgroundRemovers).FirstOrDefault(model => model.Id == id);

    /// <summary>Returns the model for an edit.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="id">The specified model, or null for the default.</param>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: the model does not support the edit.</exception>
    public static EditModel For(ImageEdit edit, string? id)
    {
        IReadOnlyList<EditModel> models = edit.Upscale is null ? BackgroundRemovers : Upscalers;
        return id is null ? models[0]
            : models.FirstOrDefault(model => string.Equals(model.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw ApiframeException.NotSent(
                $"Model '{ShownText.Excerpt(id)}' cannot {(edit.Upscale is null ? "remove a background" : "upscale an image")}. Use {string.Join(" or ", models.Select(model => model.Id))}.");
    }

    /// <summary>Returns the edit in the spelling of the service.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, with the value, the allowed values, and what to do.</exception>
    public ImageEdit Checked(ImageEdit edit)
    {
        if (AllOptions.FirstOrDefault(option => option.TextOf(edit) is not null && !Has(option)) is { } other)
        {
            EditModel? better = (Upscales ? Upscalers : BackgroundRemovers).FirstOrDefault(model => model.Has(other));
            throw ApiframeException.NotSent($"{other.Name} is not an option of {Id}. Omit it{(better is null ? string.Empty : $", or use the model {better.Id}")}.");
        }

        return Options.Aggregate(edit, (one, option) => option.Checked(one, Id));
    }

    /// <summary>Returns the file format if the model supports it.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, as for <see cref="Checked"/>.</exception>
    public string? CheckedFormat(string? format) => format is null || _formats.Contains(format) ? format
        : _formats.Count == 0 ? throw ApiframeException.NotSent($"OutputFormat is not an option of {Id}, which makes a PNG file. Omit it.")
        : throw ApiframeException.NotSent($"OutputFormat '{format}' is not allowed with {Id}. Use {string.Join(" or ", _formats)}.");

    public void Write(Utf8JsonWriter json, SubmitRequest request)
    {
        json.WriteStartObject(ParamsName);
        json.WriteString(Image, request.ReferenceImage[0]);
        foreach (EditOption option in Options)
        {
            option.Write(json, option.ApiName, request.Edit!);
        }

        if (request.OutputFormat is not null)
        {
            json.WriteString(_formatName, request.OutputFormat);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the options from parameters.</summary>
    /// <param name="json">The parameters. Any of them can be missing.</param>
    /// <param name="earlier">The options that were known before, for missing parameters.</param>
    public ImageOptions Read(JsonElement json, ImageOptions? earlier)
    {
        ImageEdit edit = Options.Aggregate(new ImageEdit(), (one, option) => option.Read(json, option.ApiName, one));
        string? image = json.Text(Image);
        return new ImageOptions
        {
            Model = Id,
            // An upscale without a factor uses the default factor of the service, which is unknown here.
            Edit = image is null || (Upscales && edit.Upscale is null) ? earlier?.Edit : edit,
            ReferenceImage = image is null ? earlier?.ReferenceImage ?? [] : [image],
            OutputFormat = (_formatName.Length > 0 ? json.Text(_formatName) : null) ?? earlier?.OutputFormat,
        };
    }

    private static EditOption Seed() =>
        EditOption.Whole(nameof(ImageEdit.Seed), "seed", edit => edit.Seed, (edit, value) => edit with { Seed = (long)value }, long.MinValue, long.MaxValue);

    private bool Has(EditOption option) => Options.Any(one => one.Name == option.Name);
}
