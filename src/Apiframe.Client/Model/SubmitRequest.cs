using System;
using System.Collections.Generic;
using System.Linq;
using Apiframe.Client.Edits;

namespace Apiframe.Client;

/// <summary>
/// One image to be made: of a prompt, with everything that <c>POST /v2/images/generate</c> takes for the nano-banana models; or, with
/// <see cref="ImageOptions.Edit"/>, of another image.
/// </summary>
/// <remarks>Empty strings count as not given, so that a CSV with blank cells works.</remarks>
public sealed record SubmitRequest : ImageOptions
{
    private readonly JoinedTexts _webhookEvent = JoinedTexts.Of([]);

    /// <summary>The longest prompt, in UTF-16 code units.</summary>
    public const int MaximumPromptLength = 2000;

    /// <summary>The largest <see cref="RetryFailed"/>.</summary>
    public const int MaximumRetries = 10;

    /// <summary>The longest idempotency key.</summary>
    public const int MaximumIdempotencyKeyLength = 255;

    /// <summary>The documented webhook events; other words are passed on.</summary>
    public static IReadOnlyList<string> KnownWebhookEvents { get; } = ["completed", "failed", "progress"];

    /// <summary>
    /// What to paint: 1 to 2000 characters. Of an edit: what the image shows that is edited, as far as it is known, for file names and lists. It is then not sent and
    /// can be empty.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>The URL that the service posts the job's events to.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Which of <see cref="KnownWebhookEvents"/> to post; completed and failed if not given.</summary>
    public IReadOnlyList<string> WebhookEvent
    {
        get => _webhookEvent;
        init => _webhookEvent = JoinedTexts.Of(value);
    }

    /// <summary>The key under which this image is paid for once; a new GUID if not given.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Which of several images of the same request this is, from 1; null if it is the only one. It goes into file names and is not sent.</summary>
    public int? Number { get; init; }

    /// <summary>
    /// How many times the request may be submitted again, under another key, if its job fails for a reason that passes: 0 to <see cref="MaximumRetries"/>. That
    /// happens while somebody waits for the job, and it is not sent.
    /// </summary>
    public int RetryFailed { get; init; }

    /// <summary>
    /// When this request was first submitted under <see cref="IdempotencyKey"/> without a clear answer; null if it never was. Until the service forgets the key,
    /// 24 hours later, no refusal of it means that nothing is billed.
    /// </summary>
    public DateTimeOffset? OutcomeUnknownSince { get; init; }

    /// <summary>Whether the key comes from an <see cref="IdempotencyScope"/>, which has more of them if the job has failed.</summary>
    internal bool IsScoped { get; init; }

    /// <summary>The prompt; null if there is none, which only an edit can have.</summary>
    internal string? PromptOrNull => Prompt.Length > 0 ? Prompt : null;

    /// <summary>The path of the endpoint that it is for, from the base URI on.</summary>
    internal string Path => Edit is null ? "v2/images/generate" : EditModel.For(Edit, Model).Path;

    /// <summary>
    /// The same request in the service's spelling (2k is 2K, blanks are null) and under an idempotency key of its own if it had none.
    /// </summary>
    /// <exception cref="ApiframeException"><see cref="ApiframeErrorKind.InvalidRequest"/>: names the value, what is allowed and what to do.</exception>
    public SubmitRequest Checked() => (SubmitRequest)(this with { Prompt = CheckedPrompt() }).CheckedOptions() with
    {
        WebhookUrl = CheckedUrl(nameof(WebhookUrl), OptionCheck.NullIfBlank(WebhookUrl)),
        WebhookEvent = CheckedWebhookEvents(),
        RetryFailed = RetryFailed is >= 0 and <= MaximumRetries
            ? RetryFailed
            : throw ApiframeException.NotSent($"RetryFailed {RetryFailed} is not allowed: use 0 to {MaximumRetries}."),
        IdempotencyKey = CheckedIdempotencyKey() ?? Guid.NewGuid().ToString(),
        OutcomeUnknownSince = OptionCheck.NullIfBlank(IdempotencyKey) is null ? null : OutcomeUnknownSince,
    };

    /// <summary>The prompt, shortened for a message; of an edit without one, the image that is edited.</summary>
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
            throw ApiframeException.NotSent($"Prompt '{ShownText.Excerpt(Prompt)}' has {Prompt.Length} characters. At most {MaximumPromptLength} are allowed. Shorten it.");
        }

        if (OptionCheck.HalfCharacter(Prompt) is { } position)
        {
            throw ApiframeException.NotSent(
                $"Prompt contains half a character (a lone surrogate) at position {position}. It was probably cut inside an emoji or a rare character. Cut it elsewhere.");
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
            throw ApiframeException.NotSent($"IdempotencyKey has {key.Length} characters. At most {MaximumIdempotencyKeyLength} are allowed.");
        }

        return key.All(c => c is > ' ' and <= '~')
            ? key
            : throw ApiframeException.NotSent($"IdempotencyKey '{ShownText.Excerpt(key)}' contains a character that is not allowed in an HTTP header. Use printable ASCII characters without spaces.");
    }
}
