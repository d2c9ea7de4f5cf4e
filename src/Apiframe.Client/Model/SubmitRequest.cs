using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Edits;

namespace Apiframe.Client;

/// <summary>
/// A request for one image: from a prompt, with all options of <c>POST /v2/images/generate</c> for the nano-banana models, or, with <see
/// cref="ImageOptions.Edit"/>, from another image.
/// </summary>
/// <remarks>Empty strings count as not specified, so that CSV files can have empty cells.</remarks>
public sealed record SubmitRequest : ImageOptions
{
    private readonly JoinedTexts _webhookEvent = JoinedTexts.Of([]);

    /// <summary>The maximum length of a prompt, in UTF-16 code units.</summary>
    public const int MaximumPromptLength = 2000;

    /// <summary>The maximum of <see cref="RetryFailed"/>.</summary>
    public const int MaximumRetries = 10;

    /// <summary>The maximum length of an idempotency key, in characters.</summary>
    public const int MaximumIdempotencyKeyLength = 255;

    /// <summary>The documented webhook events. Other words are sent unchanged.</summary>
    public static IReadOnlyList<string> KnownWebhookEvents { get; } = ["completed", "failed", "progress"];

    /// <summary>
    /// The description of the image, 1 to 2000 characters. For an edit: the description of the edited image, if it is known, for file names and lists. It is
    /// not sent then, and it can be empty.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>The URL that the service sends the events of the job to.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The events that are sent, from <see cref="KnownWebhookEvents"/>. The default is completed and failed.</summary>
    public IReadOnlyList<string> WebhookEvent
    {
        get => _webhookEvent;
        init => _webhookEvent = JoinedTexts.Of(value);
    }

    /// <summary>The key under which the image is billed once. The default is a new GUID.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// The number of the image among several images of the same request, from 1. Null for a single image. It is used in file names and not sent.
    /// </summary>
    public int? Number { get; init; }

    /// <summary>
    /// The number of times that the request is submitted again, under another key, if its job fails for a temporary reason, 0 to <see cref="MaximumRetries"/>.
    /// This happens during a wait for the job. It is not sent. The default is 0.
    /// </summary>
    public int RetryFailed { get; init; }

    /// <summary>
    /// The time of the first submission under <see cref="IdempotencyKey"/> without a clear response, or null. Until the service forgets the key after 24 hours,
    /// a later rejection does not mean that nothing is billed.
    /// </summary>
    public DateTimeOffset? OutcomeUnknownSince { get; init; }

    /// <summary>Whether the key comes from an <see cref="IdempotencyScope"/>, which has further keys if the job has failed.</summary>
    internal bool IsScoped { get; init; }

    /// <summary>The prompt, or null if it is empty, which is allowed only for an edit.</summary>
    internal string? PromptOrNull => Prompt.Length > 0 ? Prompt : null;

    /// <summary>The path of the endpoint, relative to the base URI.</summary>
    internal string Path => Edit is null ? "v2/images/generate" : EditModel.For(Edit, Model).Path;

    /// <summary>
    /// Returns the request in the spelling of the service (2k becomes 2K, empty strings become null), with a new idempotency key if it has none.
    /// </summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>, with the value, the allowed values, and what to do.</exception>
    public SubmitRequest Checked() => (SubmitRequest)(this with { Prompt = CheckedPrompt() }).CheckedOptions() with
    {
        WebhookUrl = CheckedUrl(nameof(WebhookUrl), OptionCheck.NullIfBlank(WebhookUrl)),
        WebhookEvent = CheckedWebhookEvents(),
        RetryFailed = RetryFailed is >= 0 and <= MaximumRetries
            ? RetryFailed
            : throw ApiframeException.NotSent($"RetryFailed '{RetryFailed}' is not allowed. Use 0 to {MaximumRetries}."),
        IdempotencyKey = CheckedIdempotencyKey() ?? Guid.NewGuid().ToString(),
        OutcomeUnknownSince = OptionCheck.NullIfBlank(IdempotencyKey) is null ? null : OutcomeUnknownSince,
    };

    /// <summary>Returns the prompt, shortened for messages. For an edit without a prompt, returns the address of its image.</summary>
    public override string ToString() => ShownText.Excerpt(PromptOrNull ?? (ReferenceImage.Count > 0 ? WebUrl.Shown(ReferenceImage[0]) : string.Empty));

    private static string? CheckedUrl(string name, string? value)
    {
        if (value is null || WebUrl.Parse(value) is not null)
        {
            return value;
        }

        throw ApiframeException.NotSent($"{name} '{ShownText.Excerpt(value)}' is not an absolute http or https URL. Use a URL such as https://example.com/hooks/banana.");
    }

    private string CheckedPrompt()
    {
        if (Edit is not null)
        {
            return Prompt.Trim();
        }

        if (string.IsNullOrWhiteSpace(Prompt))
        {
            throw ApiframeException.NotSent($"Prompt is empty. Specify 1 to {MaximumPromptLength} characters.");
        }

        if (Prompt.Length > MaximumPromptLength)
        {
            throw ApiframeException.NotSent($"Prompt '{ShownText.Excerpt(Prompt)}' has {Prompt.Length} characters. At most {MaximumPromptLength} are allowed. Shorten the prompt.");
        }

        if (OptionCheck.HalfCharacter(Prompt) is { } position)
        {
            throw ApiframeException.NotSent(
                $"Prompt '{ShownText.Excerpt(Prompt)}' contains an incomplete character (an unpaired surrogate) at position {position}. The prompt was probably truncated in the middle of an emoji. Correct the prompt.");
        }

        return Prompt;
    }

    private List<string> CheckedWebhookEvents()
    {
        var events = WebhookEvent.Select(OptionCheck.NullIfBlank).OfType<string>().Select(CheckedWebhookEvent).Distinct().ToList();
        if (events.Count > 0 && OptionCheck.NullIfBlank(WebhookUrl) is null)
        {
            throw ApiframeException.NotSent($"WebhookEvent '{string.Join(", ", events)}' is specified without WebhookUrl. Specify the URL that receives the events.");
        }

        return events;
    }

    private static string CheckedWebhookEvent(string given) =>
        OptionCheck.Known(KnownWebhookEvents, given) ?? (given.All(c => c is >= 'a' and <= 'z' or '_' or '.' or '-') ? given : throw OptionCheck.NotAllowed(nameof(WebhookEvent), given, KnownWebhookEvents));

    private string? CheckedIdempotencyKey()
    {
        string? key = OptionCheck.NullIfBlank(IdempotencyKey);
        if (key is null)
        {
            return null;
        }

        if (key.Length > MaximumIdempotencyKeyLength)
        {
            throw ApiframeException.NotSent($"IdempotencyKey has {key.Length} characters. At most {MaximumIdempotencyKeyLength} are allowed. Use a shorter key.");
        }

        return key.All(c => c is > ' ' and <= '~')
            ? key
            : throw ApiframeException.NotSent($"IdempotencyKey '{ShownText.Excerpt(key)}' contains a character that is not allowed in an HTTP header. Use printable ASCII characters without spaces.");
    }
}
