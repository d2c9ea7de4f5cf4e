using System.Text.RegularExpressions;

namespace Apiframe.Client;

/// <summary>Why a job failed, as data: what decides whether submitting its prompt again can help.</summary>
public static class JobFailureReason
{
    /// <summary>The prompt, a reference image, or the image that was made violates the provider's content policy. The same request is declined again.</summary>
    public const string Declined = "Declined";

    /// <summary>The provider had no capacity, no time, or an error of its own. The same request can succeed later.</summary>
    public const string Unavailable = "Unavailable";

    /// <summary>The request cannot be made into an image, for example because a reference image cannot be downloaded. Correct it first.</summary>
    public const string InvalidInput = "InvalidInput";

    /// <summary>The service gives no reason, or one that this version does not know.</summary>
    public const string Unknown = "Unknown";

    // IMAGE_OTHER names no cause, so it is not among these.
    private static readonly Regex OfPolicy = Words(
        "content.?polic", "polic(y|ies) violation", "violat", "safety", "unsafe", "prohibited", "moderat(ed|ion)", "nsfw", "declined", "blocked",
        "sensitive content", "inappropriate", "recitation");

    private static readonly Regex OfService = Words(
        "capacity", "overload", "unavailable", "time(d)?.?out", "deadline", "rate.?limit", "too many requests", "try again", "retry", "temporar", "busy",
        "(internal|server|upstream|provider) error", "quota", "resource.?exhausted");

    private static readonly Regex OfInput = Words(
        "invalid", "unsupported", "not supported", "not allowed", "malformed", "corrupt", "validation", "too (large|big|long|small)",
        "(could not|cannot|can't|unable to|failed to) (be )?(download|fetch|load|read|decode|open|process)", "must (be|have)", "bad request");

    /// <summary>The reason of a job; null if it has not failed.</summary>
    /// <param name="status">The job's status, as of <see cref="JobStatus"/>.</param>
    /// <param name="error">What the service says about it; null if it says nothing.</param>
    public static string? Of(string status, string? error) => status != JobStatus.Failed ? null
        : OfPolicy.IsMatch(error ?? string.Empty) ? Declined
        : OfService.IsMatch(error ?? string.Empty) ? Unavailable
        : OfInput.IsMatch(error ?? string.Empty) ? InvalidInput
        : Unknown;

    private static Regex Words(params string[] words) => new(
        $"(?<![a-z])({string.Join("|", words)})".Replace(" ", @"[\s_-]+"), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
