using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Apiframe.Client.Edits;
using Apiframe.Client.Submit;

namespace Apiframe.Client;

/// <summary>How an image is made, apart from its prompt: everything that the nano-banana models take as options, or what is done to another image.</summary>
/// <remarks>Empty strings count as not given, so that a CSV with blank cells works.</remarks>
public record ImageOptions
{
    private static readonly Regex Ratio = new(@"^0*([1-9]\d*(?:\.\d+)?)\s*:\s*0*([1-9]\d*(?:\.\d+)?)$", RegexOptions.CultureInvariant);

    private readonly JoinedTexts _referenceImage = JoinedTexts.Of([]);
    private readonly string? _resolution;

    /// <summary>The model used when none is given.</summary>
    public const string DefaultModel = "nano-banana-2";

    /// <summary>What the service makes if no resolution is given, as its model page says.</summary>
    internal const string DefaultResolution = "1K";

    /// <summary>What the service makes if no format is given, as its model page says.</summary>
    internal const string DefaultOutputFormat = "jpg";

    /// <summary>The most reference images one request takes.</summary>
    public const int MaximumReferenceImages = 14;

    /// <summary>The model ids known when this was written; others are passed on.</summary>
    public static IReadOnlyList<string> KnownModels { get; } = ["nano-banana-2", "nano-banana-pro", "nano-banana", "nano-banana-2-lite"];

    /// <summary>The documented resolutions; others that are written like them, such as 8K, are passed on.</summary>
    public static IReadOnlyList<string> KnownResolutions { get; } = ["512px", "1K", "2K", "4K"];

    /// <summary>The documented file formats. No others: a file whose end cannot be told could be saved cut, and it is paid for.</summary>
    public static IReadOnlyList<string> OutputFormats { get; } = ["jpg", "png", "webp"];

    /// <summary>Aspect ratios to offer; others that are written as width:height are passed on, and so are other words.</summary>
    public static IReadOnlyList<string> KnownAspectRatios { get; } =
        ["1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "4:5", "5:4", "21:9", "1:4", "4:1", "1:8", "8:1", "match_input_image"];

    /// <summary>The model id; <see cref="DefaultModel"/> if not given, and for an edit the first of <see cref="ImageEdit"/>'s models.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// What is done to the image that is the only <see cref="ReferenceImage"/>; null if the image is made of a prompt. Of the other options, an edit takes the model
    /// and the format.
    /// </summary>
    public ImageEdit? Edit { get; init; }

    /// <summary>
    /// One of <see cref="KnownResolutions"/> or like them; the service's default is 1K. Other providers of the same models write 512 or 0.5K for what is
    /// 512px here; both become 512px.
    /// </summary>
    public string? Resolution
    {
        get => _resolution;
        init => _resolution = OptionCheck.Known(["512", "0.5K"], (value ?? string.Empty).Trim()) is null ? value : KnownResolutions[0];
    }

    /// <summary>Width to height, for example <c>16:9</c>, or a word.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>One of <see cref="OutputFormats"/>, or jpeg for jpg; the service's default is jpg.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Up to 14 images to work from: http or https URLs that the service can fetch, or paths of local files, which are uploaded.</summary>
    public IReadOnlyList<string> ReferenceImage
    {
        get => _referenceImage;
        init => _referenceImage = JoinedTexts.Of(value);
    }

    /// <summary>Ground the image in a web search.</summary>
    public bool GoogleSearch { get; init; }

    /// <summary>Ground the image in an image search.</summary>
    public bool ImageSearch { get; init; }

    /// <summary>Names and values of the options that are single words, as far as they were given: for messages and lists.</summary>
    public IEnumerable<(string Name, string Value)> Words() =>
        from option in new (string Name, string? Value)[]
        {
            (nameof(Model), Model), (nameof(Edit), Edit?.ToString()), (nameof(Resolution), Resolution), (nameof(AspectRatio), AspectRatio), (nameof(OutputFormat), OutputFormat),
        }
        where !string.IsNullOrEmpty(option.Value)
        select (option.Name, option.Value!);

    /// <summary>The options that are single words.</summary>
    public override string ToString() => string.Join(", ", Words().Select(option => option.Value));

    /// <summary>The options alone, of a request that has more.</summary>
    internal ImageOptions ToOptions() => new(this);

    /// <summary>The same options in the service's spelling: 2k is 2K, jpeg is jpg, blanks are null.</summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: names the value, what is allowed and what to do.</exception>
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
            : throw ApiframeException.NotSent($"An edit takes one image, but {images.Count} are specified. Make one request for each image.");
    }

    private string CheckedModel()
    {
        string model = OptionCheck.NullIfBlank(Model) ?? DefaultModel;
        return EditModel.Of(model) is null
            ? model
            : throw ApiframeException.NotSent($"Model '{model}' edits images and cannot make an image from a prompt. Use {string.Join(", ", KnownModels)}.");
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

        // A spreadsheet takes 16:9 for a time of day, and writes 16:09.
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
                $"{name} '{incomplete}' is not the complete URL, because metadata and messages omit the user, password, and query. Specify the complete URL.");
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
