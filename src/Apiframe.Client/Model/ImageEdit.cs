using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apiframe.Client.Edits;

namespace Apiframe.Client;

/// <summary>
/// What is done to an image that exists: it is enlarged, or its background is removed. Each option belongs to some of the models; what is not given is left to
/// the service.
/// </summary>
public sealed record ImageEdit
{
    /// <summary>The models that enlarge images. The first one is the default.</summary>
    public static IReadOnlyList<string> Upscalers { get; } = [.. EditModel.Upscalers.Select(model => model.Id)];

    /// <summary>The models that remove backgrounds. The first one is the default.</summary>
    public static IReadOnlyList<string> BackgroundRemovers { get; } = [.. EditModel.BackgroundRemovers.Select(model => model.Id)];

    /// <summary>What can be given as <see cref="ModelType"/>.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = EditModel.ModelTypes;

    /// <summary>What can be given as <see cref="BackgroundType"/>.</summary>
    public static IReadOnlyList<string> BackgroundTypes { get; } = EditModel.BackgroundTypes;

    /// <summary>How many times as wide and as high the image becomes: 1, 2, 4, or 6, and with clarity-upscale 1, 2, 4, or 8. Null to remove the background instead.</summary>
    public decimal? Upscale { get; init; }

    /// <summary>topaz-image-upscale: one of <see cref="ModelTypes"/>.</summary>
    public string? ModelType { get; init; }

    /// <summary>topaz-image-upscale: improve faces.</summary>
    public bool FaceEnhance { get; init; }

    /// <summary>topaz-image-upscale: 0 to 1.</summary>
    public decimal? FaceEnhanceStrength { get; init; }

    /// <summary>topaz-image-upscale: 0 to 1.</summary>
    public decimal? FaceEnhanceCreativity { get; init; }

    /// <summary>clarity-upscale: what the image shows, at most 2000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>clarity-upscale: what the image must not show, at most 2000 characters.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>clarity-upscale: 0 to 1.</summary>
    public decimal? Creativity { get; init; }

    /// <summary>clarity-upscale: 0 to 3.</summary>
    public decimal? Resemblance { get; init; }

    /// <summary>clarity-upscale: 1 to 50.</summary>
    public decimal? Dynamic { get; init; }

    /// <summary>clarity-upscale: 1 to 100.</summary>
    public int? NumInferenceSteps { get; init; }

    /// <summary>clarity-upscale: 0 to 10.</summary>
    public decimal? Sharpen { get; init; }

    /// <summary>Both upscalers: where their random numbers start.</summary>
    public long? Seed { get; init; }

    /// <summary>bria-bg-remove: check the content of the image.</summary>
    public bool ContentModeration { get; init; }

    /// <summary>851-bg-remove: 0 to 1.</summary>
    public decimal? Threshold { get; init; }

    /// <summary>851-bg-remove: one of <see cref="BackgroundTypes"/>.</summary>
    public string? BackgroundType { get; init; }

    /// <summary>851-bg-remove: remove the subject instead of the background.</summary>
    public bool Reverse { get; init; }

    /// <summary>What is done, with the options that were given: <c>upscaled 4 times, FaceEnhance</c>.</summary>
    public override string ToString() => string.Join(", ", EditModel.AllOptions
        .Where(option => option.Name != nameof(Upscale) && option.TextOf(this) is not null)
        .Select(option => option.TextOf(this) is var text && text == EditOption.On ? option.Name : $"{option.Name} {ShownText.Excerpt(text!)}")
        .Prepend(Upscale is { } factor ? string.Format(CultureInfo.InvariantCulture, "upscaled {0} times", factor) : "background removed"));
}
