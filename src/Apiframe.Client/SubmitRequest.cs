using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Uploads;

namespace Apiframe.Client;

/// <summary>One image to be made: everything that <c>POST /v2/images/generate</c> takes for the nano-banana models (contract section 3).</summary>
/// <remarks>Empty strings count as not given, so that a CSV with blank cells works.</remarks>
public sealed record SubmitRequest
{
    /// <summary>The model used when none is given.</summary>
    public const string DefaultModel = "nano-banana-2";

    /// <summary>The longest prompt, in UTF-16 code units.</summary>
    public const int MaximumPromptLength = 2000;

    /// <summary>The most reference images one request takes.</summary>
    public const int MaximumReferenceImages = 14;

    /// <summary>The longest idempotency key.</summary>
    public const int MaximumIdempotencyKeyLength = 255;

    /// <summary>The model ids known when this was written; others are passed on.</summary>
    public static IReadOnlyList<string> KnownModels { get; } = ["nano-banana-2", "nano-banana-pro", "nano-banana", "nano-banana-2-lite"];

    /// <summary>The resolutions of the contract; others that are written like them, such as 8K, are passed on.</summary>
    public static IReadOnlyList<string> KnownResolutions { get; } = ["512px", "1K", "2K", "4K"];

    /// <summary>The file formats of the contract. No others: a file whose end cannot be told could be saved cut, and it is paid for.</summary>
    public static IReadOnlyList<string> OutputFormats { get; } = ["jpg", "png", "webp"];

    /// <summary>Aspect ratios to offer; the service takes any text, so others are passed on.</summary>
    public static IReadOnlyList<string> KnownAspectRatios { get; } =
        ["1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "4:5", "5:4", "21:9", "match_input_image"];

    /// <summary>The webhook events of the contract; other words are passed on.</summary>
    public static IReadOnlyList<string> KnownWebhookEvents { get; } = ["completed", "failed", "progress"];

    /// <summary>What to paint: 1 to 2000 characters.</summary>
    public required string Prompt { get; init; }

    /// <summary>The model id; <see cref="DefaultModel"/> if not given.</summary>
    public string? Model { get; init; }

    /// <summary>One of <see cref="KnownResolutions"/> or like them; the service's default is 1K.</summary>
    public string? Resolution { get; init; }

    /// <summary>For example <c>16:9</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>One of <see cref="OutputFormats"/>, or jpeg for jpg; the service's default is jpg.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Up to 14 images to work from: http or https URLs that the service can fetch, or paths of local files, which are uploaded.</summary>
    public IReadOnlyList<string> ReferenceImage { get; init; } = Array.Empty<string>();

    /// <summary>Ground the image in a web search.</summary>
    public bool GoogleSearch { get; init; }

    /// <summary>Ground the image in an image search.</summary>
    public bool ImageSearch { get; init; }

    /// <summary>Where the service shall post what becomes of the job.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Which of <see cref="KnownWebhookEvents"/> to post; completed and failed if not given.</summary>
    public IReadOnlyList<string> WebhookEvent { get; init; } = Array.Empty<string>();

    /// <summary>The key under which this image is paid for once; a new GUID if not given.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether the key comes from an <see cref="IdempotencyScope"/>, which has more of them if the job has failed.</summary>
    internal bool IsScoped { get; init; }

    /// <summary>
    /// The same request in the contract's spelling (2k is 2K, blanks are null) and under an idempotency key of its own if it had none.
    /// </summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: names the value, what is allowed and what to do.</exception>
    public SubmitRequest Checked() => this with
    {
        Prompt = CheckedPrompt(),
        Model = NullIfBlank(Model) ?? DefaultModel,
        Resolution = CheckedResolution(),
        AspectRatio = NullIfBlank(AspectRatio),
        OutputFormat = CheckedOutputFormat(),
        ReferenceImage = CheckedReferenceImages(),
        WebhookUrl = CheckedUrl(nameof(WebhookUrl), NullIfBlank(WebhookUrl)),
        WebhookEvent = CheckedWebhookEvents(),
        IdempotencyKey = CheckedIdempotencyKey() ?? Guid.NewGuid().ToString(),
    };

    /// <summary>The prompt, shortened for a message.</summary>
    public override string ToString() => Shortened(Prompt);

    private static ApiframeException Invalid(string message) => new(ApiframeErrorKind.InvalidRequest, message + " Nothing was sent.");

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value!.Trim();

    /// <summary>A prompt or another value, short enough for a message.</summary>
    internal static string Shortened(string text) => text.Length <= 60 ? text : text.Substring(0, 57) + "...";

    private static ApiframeException NotAllowed(string name, string given, IReadOnlyList<string> allowed) =>
        Invalid($"{name} '{Shortened(given)}' is not allowed: use {string.Join(", ", allowed)}.");

    private static string? Known(IReadOnlyList<string> known, string given) =>
        known.FirstOrDefault(one => string.Equals(one, given, StringComparison.OrdinalIgnoreCase));

    private static string? CheckedUrl(string name, string? value)
    {
        if (value is null || WebUrl.Parse(value) is not null)
        {
            return value;
        }

        throw Invalid($"{name} '{Shortened(value)}' is not an absolute http or https URL.");
    }

    private string CheckedPrompt()
    {
        if (string.IsNullOrWhiteSpace(Prompt))
        {
            throw Invalid($"Prompt is empty: give 1 to {MaximumPromptLength} characters.");
        }

        if (Prompt.Length > MaximumPromptLength)
        {
            throw Invalid($"Prompt '{Shortened(Prompt)}' has {Prompt.Length} characters: at most {MaximumPromptLength} are allowed. Shorten it.");
        }

        for (int i = 0; i < Prompt.Length; i++)
        {
            if (char.IsSurrogatePair(Prompt, i))
            {
                i++;
            }
            else if (char.IsSurrogate(Prompt[i]))
            {
                throw Invalid($"Prompt has half a character (a lone surrogate) at position {i}: it was cut inside an emoji or a rare sign. Cut it elsewhere.");
            }
        }

        return Prompt;
    }

    private string? CheckedResolution()
    {
        if (NullIfBlank(Resolution) is not { } given)
        {
            return null;
        }

        string number = given.TrimEnd('k', 'K', 'p', 'P', 'x', 'X');
        string unit = given.Substring(number.Length);
        string? spelling = Known(["K", "px"], unit);
        return spelling is not null && number.Length is > 0 and < 6 && number.All(c => c is >= '0' and <= '9')
            ? number + spelling
            : throw NotAllowed(nameof(Resolution), given, KnownResolutions);
    }

    private string? CheckedOutputFormat() => NullIfBlank(OutputFormat) switch
    {
        null => null,
        string jpeg when Known(["jpeg"], jpeg) is not null => "jpg",
        string given => Known(OutputFormats, given) ?? throw NotAllowed(nameof(OutputFormat), given, OutputFormats),
    };

    private List<string> CheckedReferenceImages()
    {
        var given = ReferenceImage.Select(NullIfBlank).OfType<string>().ToList();
        if (given.Count > MaximumReferenceImages)
        {
            throw Invalid($"ReferenceImage has {given.Count} images: at most {MaximumReferenceImages} are allowed. Leave {given.Count - MaximumReferenceImages} out.");
        }

        given.Where(reference => WebUrl.Parse(reference) is null).ToList().ForEach(LocalReference.Check);
        return given;
    }

    private List<string> CheckedWebhookEvents()
    {
        var events = WebhookEvent.Select(NullIfBlank).OfType<string>().Select(CheckedWebhookEvent).Distinct().ToList();
        if (events.Count > 0 && NullIfBlank(WebhookUrl) is null)
        {
            throw Invalid($"WebhookEvent '{string.Join(", ", events)}' has no WebhookUrl to go to: give -WebhookUrl as well.");
        }

        return events;
    }

    private static string CheckedWebhookEvent(string given) =>
        Known(KnownWebhookEvents, given) ?? (given.All(c => c is >= 'a' and <= 'z' or '_' or '.' or '-') ? given : throw NotAllowed(nameof(WebhookEvent), given, KnownWebhookEvents));

    private string? CheckedIdempotencyKey()
    {
        string? key = NullIfBlank(IdempotencyKey);
        if (key is null)
        {
            return null;
        }

        if (key.Length > MaximumIdempotencyKeyLength)
        {
            throw Invalid($"IdempotencyKey has {key.Length} characters: at most {MaximumIdempotencyKeyLength} are allowed.");
        }

        return key.All(c => c is > ' ' and <= '~')
            ? key
            : throw Invalid($"IdempotencyKey '{Shortened(key)}' travels in an HTTP header: use letters, digits and signs of ASCII, no spaces.");
    }
}
