using System.Text.RegularExpressions;

namespace Apiframe.Client;

/// <summary>The reason why a job failed. It determines whether another submission of the prompt can succeed.</summary>
public static class JobFailureReason
{
    /// <summary>
    /// The prompt, a reference image, or the created image violates the content policy of the provider. The same request is declined again.
    /// </summary>
    public const string Declined = "Declined";

    /// <summary>The provider had no capacity, a timeout, or an internal error. The same request can succeed later.</summary>
    public const string Unavailable = "Unavailable";

    /// <summary>No image can be created from the request, for example because a reference image cannot be downloaded. Correct the request first.</summary>
    public const string InvalidInput = "InvalidInput";

    /// <summary>The service reports no reason, or one that is unknown to this version.</summary>
    public const string Unknown = "Unknown";

    // IMAGE_OTHER does not state a reason, so it is not in this list.
    private static readonly Regex OfPolicy = Words(
        "content.?polic", "polic(y|ies) violation", "violat", "safety", "unsafe", "prohibited", "moderat(ed|ion)", "nsfw", "declined", "blocked",
        "sensitive content", "inappropriate", "recitation");

    private static readonly Regex OfService = Words(
        "capacity", "overload", "unavailable", "time(d)?.?out", "deadline", "rate.?limit", "too many requests", "try again", "retry", "temporar", "busy",
        "(internal|server|upstream|provider) error", "quota", "resource.?exhausted");

    private static readonly Regex OfInput = Words(
        "invalid", "unsupported", "not supported", "not allowed", "malformed", "corrupt", "validation", "too (large|big|long|small)",
        "(could not|cannot|can't|unable to|failed to) (be )?(download|fetch|load|read|decode|open|process)", "must (be|have)", "bad request");

    /// <summary>Returns the reason of a job, or null if it has not failed.</summary>
    /// <param name="status">The status, as in <see cref="JobStatus"/>.</param>
    /// <param name="error">The error of the job, or null.</param>
    public static string? Of(string status, string? error) => status != JobStatus.Failed ? null
        : OfPolicy.IsMatch(error ?? string.Empty) ? Declined
        : OfService.IsMatch(error ?? string.Empty) ? Unavailable
        : OfInput.IsMatch(error ?? string.Empty) ? InvalidInput
        : Unknown;

    private static Regex Words(params string[] words) => new(
        $"(?<![a-z])({string.Join("|", words)})".Replace(" ", @"[\s_-]+"), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
