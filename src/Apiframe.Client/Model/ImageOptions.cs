using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Apiframe.Client.Edits;
using Apiframe.Client.Submit;

namespace Apiframe.Client;

/// <summary>The options of an image without its prompt: the options of the nano-banana models, or the edit of another image.</summary>
/// <remarks>Empty strings count as not specified, so that CSV files can have empty cells.</remarks>
public record ImageOptions
{
    private static readonly Regex Ratio = new(@"^0*([1-9]\d*(?:\.\d+)?)\s*:\s*0*([1-9]\d*(?:\.\d+)?)$", RegexOptions.CultureInvariant);

    private readonly JoinedTexts _referenceImage = JoinedTexts.Of([]);
    private readonly string? _resolution;

    /// <summary>The default model.</summary>
    public const string DefaultModel = "nano-banana-2";

    /// <summary>The default resolution of the service, according to its model page.</summary>
    internal const string DefaultResolution = "1K";

    /// <summary>The default file format of the service, according to its model page.</summary>
    internal const string DefaultOutputFormat = "jpg";

    /// <summary>The maximum number of reference images of a request.</summary>
    public const int MaximumReferenceImages = 14;

    /// <summary>The model IDs that are known to this version. Other IDs are sent unchanged.</summary>
    public static IReadOnlyList<string> KnownModels { get; } = ["nano-banana-2", "nano-banana-pro", "nano-banana", "nano-banana-2-lite"];

    /// <summary>The documented resolutions. Others in this form, such as 8K, are sent unchanged.</summary>
    public static IReadOnlyList<string> KnownResolutions { get; } = ["512px", "1K", "2K", "4K"];

    /// <summary>
    /// The documented file formats. Other formats are not supported, because a cut file could be saved as complete if the end of its format is unknown.
    /// </summary>
    public static IReadOnlyList<string> OutputFormats { get; } = ["jpg", "png", "webp"];

    /// <summary>Common aspect ratios. Others in the form width:height, and words, are sent unchanged.</summary>
    public static IReadOnlyList<string> KnownAspectRatios { get; } =
        ["1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "4:5", "5:4", "21:9", "1:4", "4:1", "1:8", "8:1", "match_input_image"];

    /// <summary>The ID of the model. The default is <see cref="DefaultModel"/>, and for an edit the first model of <see cref="ImageEdit"/>.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// The edit of the image that is the only <see cref="ReferenceImage"/>, or null for an image from a prompt. Of the other options, an edit uses only the
    /// model and the format.
    /// </summary>
    public ImageEdit? Edit { get; init; }

    /// <summary>
    /// One of <see cref="KnownResolutions"/>, or another in this form. The default of the service is 1K. Other providers of the same models use 512 or 0.5K for
    /// 512px. Both are converted to 512px.
    /// </summary>
    public string? Resolution
    {
        get => _resolution;
        init => _resolution = OptionCheck.Known(["512", "0.5K"], (value ?? string.Empty).Trim()) is null ? value : KnownResolutions[0];
    }

    /// <summary>The ratio of width to height, for example <c>16:9</c>, or a word that the service accepts.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>One of <see cref="OutputFormats"/>, or jpeg for jpg. The default of the service is jpg.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Up to 14 reference images: HTTP or HTTPS URLs that the service can download, or paths of local files, which are uploaded.</summary>
    public IReadOnlyList<string> ReferenceImage
    {
        get => _referenceImage;
        init => _referenceImage = JoinedTexts.Of(value);
    }

    /// <summary>Whether the image is based on a web search.</summary>
    public bool GoogleSearch { get; init; }

    /// <summary>Whether the image is based on an image search.</summary>
    public bool ImageSearch { get; init; }

    /// <summary>Returns the names and values of the specified options that are single words, for messages and lists.</summary>
    public IEnumerable<(string Name, string Value)> Words() =>
        from option in new (string Name, string? Value)[]
        {
            (nameof(Model), Model), (nameof(Edit), Edit?.ToString()), (nameof(Resolution), Resolution), (nameof(AspectRatio), AspectRatio), (nameof(OutputFormat), OutputFormat),
        }
        where !string.IsNullOrEmpty(option.Value)
        select (option.Name, option.Value!);

    /// <summary>Returns the options that are single words.</summary>
    public override string ToString() => string.Join(", ", Words().Select(option => option.Value));

    /// <summary>Returns a copy that contains only the options.</summary>
    internal ImageOptions ToOptions() => new(this);

    /// <summary>Returns the options in the spelling of the service: 2k becomes 2K, jpeg becomes jpg, and empty strings become null.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, with the value, the allowed values, and what to do.</exception>
    private protected ImageOptions CheckedOptions() => Edit is null ? CheckedNew() : CheckedEdit(Edit);

    private ImageOptions CheckedNew() => this with
    {
        Model = CheckedModel(),
        Resolution = CheckedResolution(),
        AspectRatio = CheckedAspectRatio(),
        OutputFormat = CheckedOutputFormat(),
        ReferenceImage = CheckedReferenceImages(),
    };

    private ImageOptions CheckedEdit(ImageEdit edit)
    {
        var model = EditModel.For(edit, OptionCheck.NullIfBlank(Model));
        string? other = OptionCheck.NullIfBlank(Resolution) is not null ? nameof(Resolution)
            : OptionCheck.NullIfBlank(AspectRatio) is not null ? nameof(AspectRatio)
            : GoogleSearch ? nameof(GoogleSearch)
            : ImageSearch ? nameof(ImageSearch)
            : null;
        if (other is not null)
        {
            throw ApiframeException.NotSent($"{other} is not an option of {model.Id}. Omit it.");
        }

        List<string> images = CheckedReferenceImages();
        return images.Count == 1
            ? this with { Model = model.Id, Edit = model.Checked(edit), OutputFormat = model.CheckedFormat(CheckedOutputFormat()), ReferenceImage = images }
            : throw ApiframeException.NotSent($"An edit accepts one image, but {images.Count} images are specified. Make one request for each image.");
    }

    private string CheckedModel()
    {
        string model = OptionCheck.NullIfBlank(Model) ?? DefaultModel;
        return EditModel.Of(model) is null
            ? model
            : throw ApiframeException.NotSent($"Model '{model}' edits images and cannot make an image from a prompt. Use one of these models: {string.Join(", ", KnownModels)}.");
    }

    private string? CheckedResolution()
    {
        if (OptionCheck.NullIfBlank(Resolution) is not { } given)
        {
            return null;
        }

        string number = given.TrimEnd('k', 'K', 'p', 'P', 'x', 'X');
        string unit = given.Substring(number.Length);
        string? spelling = OptionCheck.Known(["K", "px"], unit);
        return spelling is not null && number.Length is > 0 and < 6 && number.All(c => c is >= '0' and <= '9')
            ? number + spelling
            : throw OptionCheck.NotAllowed(nameof(Resolution), given, KnownResolutions);
    }

    private string? CheckedAspectRatio()
    {
        if (OptionCheck.NullIfBlank(AspectRatio) is not { } given)
        {
            return null;
        }

        // A spreadsheet interprets 16:9 as a time and saves it as 16:09.
        Match ratio = Ratio.Match(given);
        return ratio.Success ? $"{ratio.Groups[1].Value}:{ratio.Groups[2].Value}"
            : given.All(c => char.IsLetter(c) || c == '_') ? given
            : throw ApiframeException.NotSent(
                $"AspectRatio '{ShownText.Excerpt(given)}' is not allowed. Use width:height, such as 16:9, or a word that the service accepts, such as match_input_image.");
    }

    private string? CheckedOutputFormat() => OptionCheck.NullIfBlank(OutputFormat) switch
    {
        null => null,
        string jpeg when OptionCheck.Known(["jpeg"], jpeg) is not null => "jpg",
        string given => OptionCheck.Known(OutputFormats, given) ?? throw OptionCheck.NotAllowed(nameof(OutputFormat), given, OutputFormats),
    };

    private List<string> CheckedReferenceImages()
    {
        string name = Edit is null ? nameof(ReferenceImage) : "Image";
        var given = ReferenceImage.Select(OptionCheck.NullIfBlank).OfType<string>().ToList();
        if (given.Count > MaximumReferenceImages)
        {
            throw ApiframeException.NotSent($"ReferenceImage has {given.Count} images. At most {MaximumReferenceImages} are allowed. Remove {given.Count - MaximumReferenceImages}.");
        }

        if (given.Find(WebUrl.IsIncomplete) is { } incomplete)
        {
            throw ApiframeException.NotSent(
                $"{name} '{incomplete}' is not a complete URL. It was probably copied from metadata or a message, in which *** replaces the user, password, and query. Specify the complete URL.");
        }

        if (given.Find(reference => reference.Contains("://") && reference.Any(char.IsWhiteSpace)) is { } several)
        {
            throw ApiframeException.NotSent(
                $"{name} '{ShownText.Excerpt(several)}' contains white space, so it is not a URL. Separate several images with semicolons, or write the space as %20.");
        }

        given.Where(reference => WebUrl.Parse(reference) is null).ToList().ForEach(reference => LocalReference.Check(reference, name));
        return given;
    }
}
