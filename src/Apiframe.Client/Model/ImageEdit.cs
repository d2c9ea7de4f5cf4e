using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Apiframe.Client.Edits;

namespace Apiframe.Client;

/// <summary>
/// The edit of an existing image: it is upscaled, or its background is removed. Each option is for certain models. If an option is not specified, the service
/// uses its default.
/// </summary>
public sealed record ImageEdit
{
    /// <summary>The models that upscale images. The first one is the default.</summary>
    public static IReadOnlyList<string> Upscalers { get; } = [.. EditModel.Upscalers.Select(model => model.Id)];

    /// <summary>The models that remove backgrounds. The first one is the default.</summary>
    public static IReadOnlyList<string> BackgroundRemovers { get; } = [.. EditModel.BackgroundRemovers.Select(model => model.Id)];

    /// <summary>The allowed values of <see cref="ModelType"/>.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = EditModel.ModelTypes;

    /// <summary>The allowed values of <see cref="BackgroundType"/>.</summary>
    public static IReadOnlyList<string> BackgroundTypes { get; } = EditModel.BackgroundTypes;

    /// <summary>The factor for width and height: 1, 2, 4, or 6. With clarity-upscale: 1, 2, 4, or 8. Null means that the background is removed.</summary>
    public decimal? Upscale { get; init; }

    /// <summary>topaz-image-upscale: one of <see cref="ModelTypes"/>.</summary>
    public string? ModelType { get; init; }

    /// <summary>topaz-image-upscale: whether faces are enhanced.</summary>
    public bool FaceEnhance { get; init; }

    /// <summary>topaz-image-upscale: the strength of the face enhancement, 0 to 1.</summary>
    public decimal? FaceEnhanceStrength { get; init; }

    /// <summary>topaz-image-upscale: the creativity of the face enhancement, 0 to 1.</summary>
    public decimal? FaceEnhanceCreativity { get; init; }

    /// <summary>clarity-upscale: what the image shows, at most 2000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>clarity-upscale: what the image must not contain, at most 2000 characters.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>clarity-upscale: the amount of invented detail, 0 to 1.</summary>
    public decimal? Creativity { get; init; }

    /// <summary>clarity-upscale: the resemblance of the result to the image, 0 to 3.</summary>
    public decimal? Resemblance { get; init; }

    /// <summary>clarity-upscale: 1 to 50.</summary>
    public decimal? Dynamic { get; init; }

    /// <summary>clarity-upscale: 1 to 100.</summary>
    public int? NumInferenceSteps { get; init; }

    /// <summary>clarity-upscale: 0 to 10.</summary>
    public decimal? Sharpen { get; init; }

    /// <summary>Both upscalers: the seed of the random numbers.</summary>
    public long? Seed { get; init; }

    /// <summary>bria-bg-remove: whether the content of the image is checked.</summary>
    public bool ContentModeration { get; init; }

    /// <summary>851-bg-remove: 0 to 1.</summary>
    public decimal? Threshold { get; init; }

    /// <summary>851-bg-remove: one of <see cref="BackgroundTypes"/>.</summary>
    public string? BackgroundType { get; init; }

    /// <summary>851-bg-remove: whether the subject is removed instead of the background.</summary>
    public bool Reverse { get; init; }

    /// <summary>Returns a description of the edit with the specified options: <c>upscaled by a factor of 4, FaceEnhance</c>.</summary>
    public override string ToString() => string.Join(", ", EditModel.AllOptions
        .Where(option => option.Name != nameof(Upscale) && option.TextOf(this) is not null)
        .Select(option => option.TextOf(this) is var text && text == EditOption.On ? option.Name : $"{option.Name} {ShownText.Excerpt(text!)}")
        .Prepend(Upscale is { } factor ? string.Format(CultureInfo.InvariantCulture, "upscaled by a factor of {0}", factor) : "background removed"));
}
